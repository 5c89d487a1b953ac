// Package sig marks binaries for tools that look for BoringCrypto; there is no binary here.
package sig

// BoringCrypto marks a program that uses BoringCrypto.
func BoringCrypto() {}

// FIPSOnly marks a program that allows only FIPS-approved settings.
func FIPSOnly() {}

// StandardCrypto marks a program that uses the standard crypto packages.
func StandardCrypto() {}

// The release of the module would have panicnil=1 as well.

//go:debug panicnil=1
package main

//go:build !goesc.threads

package runtime

// threads says that the program may run on several threads: threads.go.
const threads = false

// Package unix has of golang.org/x/sys/unix what comes from assembly.
package unix

import "syscall"

const (
	SYS_CLOSE  = 3
	SYS_GETPID = 39
)

func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)

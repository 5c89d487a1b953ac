#include "textflag.h"

TEXT ·Syscall(SB), NOSPLIT, $0-56
	JMP syscall·Syscall(SB)

TEXT ·RawSyscall(SB), NOSPLIT, $0-56
	JMP syscall·RawSyscall(SB)

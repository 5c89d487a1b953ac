#include "textflag.h"

// func addr(p *int) bool
TEXT ·addr(SB), NOSPLIT, $0-9
	MOVQ p+0(FP), AX
	TESTQ AX, AX
	SETNE ret+8(FP)
	RET

// func quietAddr(p *int) bool
TEXT ·quietAddr(SB), NOSPLIT, $0-9
	MOVQ p+0(FP), AX
	TESTQ AX, AX
	SETNE ret+8(FP)
	RET

//go:build !noasm

#include "textflag.h"

TEXT ·Count(SB), NOSPLIT, $0-32
	MOVQ s_base+0(FP), SI
	MOVQ s_len+8(FP), CX
	MOVB c+16(FP), DX
	XORQ AX, AX
loop:
	TESTQ CX, CX
	JZ done
	CMPB DX, (SI)
	JNE next
	INCQ AX
next:
	INCQ SI
	DECQ CX
	JMP loop
done:
	MOVQ AX, ret+24(FP)
	RET

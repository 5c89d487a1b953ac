package cpu

// cpuid says that the machine has no feature worth another implementation.
func cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32) {
	return 0, 0, 0, 0
}

func xgetbv() (eax, edx uint32) {
	return 0, 0
}

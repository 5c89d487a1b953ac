package chacha8rand

import _ "unsafe"

//go:linkname blockGo internal/chacha8rand.block
func blockGo(seed *[4]uint64, blocks *[32]uint64, counter uint32) {
	block_generic(seed, blocks, counter)
}

// Package profilerecord has what profiles consist of.
package profilerecord

type StackRecord struct {
	Stack []uintptr
}

type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack                     []uintptr
}

type BlockProfileRecord struct {
	Count  int64
	Cycles float64
	Stack  []uintptr
}

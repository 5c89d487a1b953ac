package atomic

import "unsafe"

// The functions as values: calls are replaced by operations.

//go:linkname valueLoadInt32 sync/atomic.LoadInt32
func valueLoadInt32(addr *int32) int32 {
	return LoadInt32(addr)
}

//go:linkname valueStoreInt32 sync/atomic.StoreInt32
func valueStoreInt32(addr *int32, val int32) {
	StoreInt32(addr, val)
}

//go:linkname valueSwapInt32 sync/atomic.SwapInt32
func valueSwapInt32(addr *int32, new int32) int32 {
	return SwapInt32(addr, new)
}

//go:linkname valueCompareAndSwapInt32 sync/atomic.CompareAndSwapInt32
func valueCompareAndSwapInt32(addr *int32, old, new int32) bool {
	return CompareAndSwapInt32(addr, old, new)
}

//go:linkname valueAddInt32 sync/atomic.AddInt32
func valueAddInt32(addr *int32, delta int32) int32 {
	return AddInt32(addr, delta)
}

//go:linkname valueAndInt32 sync/atomic.AndInt32
func valueAndInt32(addr *int32, mask int32) int32 {
	return AndInt32(addr, mask)
}

//go:linkname valueOrInt32 sync/atomic.OrInt32
func valueOrInt32(addr *int32, mask int32) int32 {
	return OrInt32(addr, mask)
}

//go:linkname valueLoadUint32 sync/atomic.LoadUint32
func valueLoadUint32(addr *uint32) uint32 {
	return LoadUint32(addr)
}

//go:linkname valueStoreUint32 sync/atomic.StoreUint32
func valueStoreUint32(addr *uint32, val uint32) {
	StoreUint32(addr, val)
}

//go:linkname valueSwapUint32 sync/atomic.SwapUint32
func valueSwapUint32(addr *uint32, new uint32) uint32 {
	return SwapUint32(addr, new)
}

//go:linkname valueCompareAndSwapUint32 sync/atomic.CompareAndSwapUint32
func valueCompareAndSwapUint32(addr *uint32, old, new uint32) bool {
	return CompareAndSwapUint32(addr, old, new)
}

//go:linkname valueAddUint32 sync/atomic.AddUint32
func valueAddUint32(addr *uint32, delta uint32) uint32 {
	return AddUint32(addr, delta)
}

//go:linkname valueAndUint32 sync/atomic.AndUint32
func valueAndUint32(addr *uint32, mask uint32) uint32 {
	return AndUint32(addr, mask)
}

//go:linkname valueOrUint32 sync/atomic.OrUint32
func valueOrUint32(addr *uint32, mask uint32) uint32 {
	return OrUint32(addr, mask)
}

//go:linkname valueLoadInt64 sync/atomic.LoadInt64
func valueLoadInt64(addr *int64) int64 {
	return LoadInt64(addr)
}

//go:linkname valueStoreInt64 sync/atomic.StoreInt64
func valueStoreInt64(addr *int64, val int64) {
	StoreInt64(addr, val)
}

//go:linkname valueSwapInt64 sync/atomic.SwapInt64
func valueSwapInt64(addr *int64, new int64) int64 {
	return SwapInt64(addr, new)
}

//go:linkname valueCompareAndSwapInt64 sync/atomic.CompareAndSwapInt64
func valueCompareAndSwapInt64(addr *int64, old, new int64) bool {
	return CompareAndSwapInt64(addr, old, new)
}

//go:linkname valueAddInt64 sync/atomic.AddInt64
func valueAddInt64(addr *int64, delta int64) int64 {
	return AddInt64(addr, delta)
}

//go:linkname valueAndInt64 sync/atomic.AndInt64
func valueAndInt64(addr *int64, mask int64) int64 {
	return AndInt64(addr, mask)
}

//go:linkname valueOrInt64 sync/atomic.OrInt64
func valueOrInt64(addr *int64, mask int64) int64 {
	return OrInt64(addr, mask)
}

//go:linkname valueLoadUint64 sync/atomic.LoadUint64
func valueLoadUint64(addr *uint64) uint64 {
	return LoadUint64(addr)
}

//go:linkname valueStoreUint64 sync/atomic.StoreUint64
func valueStoreUint64(addr *uint64, val uint64) {
	StoreUint64(addr, val)
}

//go:linkname valueSwapUint64 sync/atomic.SwapUint64
func valueSwapUint64(addr *uint64, new uint64) uint64 {
	return SwapUint64(addr, new)
}

//go:linkname valueCompareAndSwapUint64 sync/atomic.CompareAndSwapUint64
func valueCompareAndSwapUint64(addr *uint64, old, new uint64) bool {
	return CompareAndSwapUint64(addr, old, new)
}

//go:linkname valueAddUint64 sync/atomic.AddUint64
func valueAddUint64(addr *uint64, delta uint64) uint64 {
	return AddUint64(addr, delta)
}

//go:linkname valueAndUint64 sync/atomic.AndUint64
func valueAndUint64(addr *uint64, mask uint64) uint64 {
	return AndUint64(addr, mask)
}

//go:linkname valueOrUint64 sync/atomic.OrUint64
func valueOrUint64(addr *uint64, mask uint64) uint64 {
	return OrUint64(addr, mask)
}

//go:linkname valueLoadUintptr sync/atomic.LoadUintptr
func valueLoadUintptr(addr *uintptr) uintptr {
	return LoadUintptr(addr)
}

//go:linkname valueStoreUintptr sync/atomic.StoreUintptr
func valueStoreUintptr(addr *uintptr, val uintptr) {
	StoreUintptr(addr, val)
}

//go:linkname valueSwapUintptr sync/atomic.SwapUintptr
func valueSwapUintptr(addr *uintptr, new uintptr) uintptr {
	return SwapUintptr(addr, new)
}

//go:linkname valueCompareAndSwapUintptr sync/atomic.CompareAndSwapUintptr
func valueCompareAndSwapUintptr(addr *uintptr, old, new uintptr) bool {
	return CompareAndSwapUintptr(addr, old, new)
}

//go:linkname valueAddUintptr sync/atomic.AddUintptr
func valueAddUintptr(addr *uintptr, delta uintptr) uintptr {
	return AddUintptr(addr, delta)
}

//go:linkname valueAndUintptr sync/atomic.AndUintptr
func valueAndUintptr(addr *uintptr, mask uintptr) uintptr {
	return AndUintptr(addr, mask)
}

//go:linkname valueOrUintptr sync/atomic.OrUintptr
func valueOrUintptr(addr *uintptr, mask uintptr) uintptr {
	return OrUintptr(addr, mask)
}

//go:linkname valueLoadPointer sync/atomic.LoadPointer
func valueLoadPointer(addr *unsafe.Pointer) unsafe.Pointer {
	return LoadPointer(addr)
}

//go:linkname valueStorePointer sync/atomic.StorePointer
func valueStorePointer(addr *unsafe.Pointer, val unsafe.Pointer) {
	StorePointer(addr, val)
}

//go:linkname valueSwapPointer sync/atomic.SwapPointer
func valueSwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) unsafe.Pointer {
	return SwapPointer(addr, new)
}

//go:linkname valueCompareAndSwapPointer sync/atomic.CompareAndSwapPointer
func valueCompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	return CompareAndSwapPointer(addr, old, new)
}

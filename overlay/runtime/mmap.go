package runtime

import "unsafe"

// Memory that the program maps for itself (mmap): pages of the heap that the collector leaves alone. There is no paging
// here, so a mapped file is read when it is mapped, and only mappings that are never written back to it are possible. The
// host brings what the program writes to the file into its shared mappings (src/runtime/mappings.ts).

const (
	sysPread64 = 17
	sysMmap    = 9
	sysMunmap  = 11
	sysMsync   = 26
	sysMadvise = 28

	protWrite    = 2
	mapShared    = 1
	mapFixed     = 16
	mapAnonymous = 32

	eintr  = 4
	enomem = 12
	einval = 22
	enosys = 38
)

// mmap is the system call; the result is an address or an error number.
func mmap(addr, n, prot, flags, fd, offset uintptr) (p, errno uintptr) {
	anonymous := flags&mapAnonymous != 0
	switch {
	case n == 0 || offset%4096 != 0:
		return 0, einval
	case n > maxAlloc:
		return 0, enomem
	case flags&mapFixed != 0 || !anonymous && flags&mapShared != 0 && prot&protWrite != 0:
		return 0, enosys
	}
	systemstack(func() {
		npages := alignUp(n, _PageSize) >> _PageShift
		reclaimPages(npages)
		if !hasRoom(npages) {
			errno = enomem
			return
		}
		s := allocSpan(npages, spanMapped)
		p = s.base
		memzero(unsafe.Pointer(p), npages<<_PageShift)
		if !anonymous {
			errno = readMapped(fd, p, n, offset)
		}
		if !anonymous && errno == 0 && flags&mapShared != 0 {
			_, _, errno = hostSyscall(sysMmap, p, n, prot, flags, fd, offset) // keeps it in step with the file
		}
		if errno != 0 {
			freeSpan(s)
			p = 0
		}
	})
	return p, errno
}

// readMapped reads n bytes of the file, or as many as it has.
func readMapped(fd, p, n, offset uintptr) (errno uintptr) {
	for n > 0 {
		got, _, err := syscall6(sysPread64, fd, p, n, offset, 0, 0)
		if err == eintr {
			continue
		}
		if err != 0 || got == 0 {
			return err
		}
		p += got
		offset += got
		n -= got
	}
	return 0
}

// munmap gives a mapping back. Of a part of one nothing happens: its pages stay with the rest.
func munmap(p, n uintptr) (errno uintptr) {
	s := spanOf(p)
	if p%4096 != 0 || s == nil || s.state != spanMapped {
		return einval
	}
	if s.base == p && alignUp(n, _PageSize)>>_PageShift >= s.npages {
		hostSyscall(sysMunmap, p, n, 0, 0, 0, 0)
		systemstack(func() {
			freeSpan(s)
		})
	}
	return 0
}

package runtime

import "internal/runtime/sys"

// The page allocator (runtime/mpagealloc.go in Go, with the levels that it has for 4 GiB): bitmaps of the pages of each chunk,
// and a radix tree of summaries over them. It finds the lowest free pages that are long enough.

const (
	summaryLevels    = 4
	summaryLevelBits = 3
	// The last level has a summary for each chunk, the others for eight of the next level.
	logChunkBytes = logChunkPages + _PageShift
	heapChunks    = 1 << (32 - logChunkBytes)
)

// How many address bits are below a summary's index, by level, and where the level begins in pageAlloc.sums.
var (
	levelShift = [summaryLevels]uint{logChunkBytes + 9, logChunkBytes + 6, logChunkBytes + 3, logChunkBytes}
	levelStart = [summaryLevels]uint{0, heapChunks >> 9, heapChunks>>9 + heapChunks>>6, leafStart}
)

const leafStart = heapChunks>>9 + heapChunks>>6 + heapChunks>>3

// A pageSum says how many pages are free at the start of a part of the address space, in its longest run, and at its end.
type pageSum uint64

const (
	sumBits = 21
	sumMask = 1<<sumBits - 1
)

func packSum(start, most, end uint) pageSum {
	return pageSum(start) | pageSum(most)<<sumBits | pageSum(end)<<(2*sumBits)
}

func (s pageSum) start() uint { return uint(s & sumMask) }
func (s pageSum) most() uint  { return uint(s >> sumBits & sumMask) }
func (s pageSum) end() uint   { return uint(s >> (2 * sumBits)) }

// noSearch is the search address of a heap without free pages.
const noSearch = ^uintptr(0)

type pageAlloc struct {
	_      sys.NotInHeap
	sums   [leafStart + heapChunks]pageSum
	chunks [heapChunks]chunkData
	// grown has a bit for each chunk that is the heap's.
	grown [heapChunks / 64]uint64
	// No page below searchAddr is free.
	searchAddr uintptr
	scav       scavengeIndex
}

func chunkOf(addr uintptr) uint     { return uint(addr >> logChunkBytes) }
func pageInChunk(addr uintptr) uint { return uint(addr >> _PageShift & (chunkPages - 1)) }
func chunkBase(chunk uint) uintptr  { return uintptr(chunk) << logChunkBytes }

// has tells whether the address belongs to the heap.
func (p *pageAlloc) has(addr uintptr) bool {
	c := chunkOf(addr)
	return addr < maxAlloc && p.grown[c/64]>>(c%64)&1 != 0
}

// grow adds chunks that were never used: their pages are zero and count as scavenged.
func (p *pageAlloc) grow(base, size uintptr) {
	for c := chunkOf(base); c < chunkOf(base+size-1)+1; c++ {
		p.grown[c/64] |= 1 << (c % 64)
		p.chunks[c].scavenged.set(0, chunkPages)
	}
	p.searchAddr = min(p.searchAddr, base)
	p.update(base, size>>_PageShift)
}

// update brings the summaries up to date after bits of n pages from base on have changed.
func (p *pageAlloc) update(base, n uintptr) {
	first, last := chunkOf(base), chunkOf(base+n<<_PageShift-1)
	changed := false
	for c := first; c <= last; c++ {
		sum := p.chunks[c].used.summarize()
		if p.sums[leafStart+c] != sum {
			p.sums[leafStart+c] = sum
			changed = true
		}
	}
	for l := summaryLevels - 2; l >= 0 && changed; l-- {
		first >>= summaryLevelBits
		last >>= summaryLevelBits
		changed = false
		for i := first; i <= last; i++ {
			sum := p.merge(l+1, i)
			if at := &p.sums[levelStart[l]+i]; *at != sum {
				*at = sum
				changed = true
			}
		}
	}
}

// merge gives the summary of what the i-th eight summaries of a level are about.
func (p *pageAlloc) merge(level int, i uint) pageSum {
	full := uint(1) << (levelShift[level] - _PageShift)
	from := levelStart[level] + i<<summaryLevelBits
	start, most, run, all := uint(0), uint(0), uint(0), true
	for _, s := range p.sums[from : from+1<<summaryLevelBits] {
		if all {
			start += s.start()
		}
		most = max(most, run+s.start(), s.most())
		if s.start() == full {
			run += full
			continue
		}
		all = false
		run = s.end()
	}
	return packSum(start, max(most, run), run)
}

// find gives the address of the lowest n free pages in a row, 0 if there are none, and an address below which no page is free.
func (p *pageAlloc) find(n uint) (addr, search uintptr) {
	search = noSearch
	narrow := true // the part that is looked at begins where the first free page is known to be
	i := uint(0)
	for l := 0; l < summaryLevels; l++ {
		shift := levelShift[l]
		full := uint(1) << (shift - _PageShift)
		entries := uint(1) << summaryLevelBits
		if l == 0 {
			entries = heapChunks >> 9
		}
		i *= entries
		sums := p.sums[levelStart[l]+i : levelStart[l]+i+entries]
		j := uint(0)
		if at := uint(p.searchAddr >> shift); at >= i && at < i+entries {
			j = at - i
		}
		// So many pages from begin on are free, right before the entry.
		run, begin := uint(0), uint(0)
		found, seen := false, false
		for ; j < entries; j++ {
			s := sums[j]
			if s == 0 {
				run = 0
				continue
			}
			first := narrow && !seen
			if first {
				search = uintptr(i+j) << shift
			}
			seen = true
			if run == 0 {
				begin = j * full
			}
			if run+s.start() >= n {
				return uintptr(i)<<shift + uintptr(begin)<<_PageShift, search
			}
			if s.most() >= n {
				narrow = first
				found = true
				break
			}
			if s.start() == full {
				run += full
				continue
			}
			run = s.end()
			begin = (j+1)*full - run
		}
		if !found {
			if l > 0 {
				throw("summaries of pages are wrong")
			}
			return 0, noSearch
		}
		i += j
	}
	at, first := p.chunks[i].used.find(n, 0)
	if at == none {
		throw("summaries of pages are wrong")
	}
	if narrow {
		search = chunkBase(i) + uintptr(first)<<_PageShift
	}
	return chunkBase(i) + uintptr(at)<<_PageShift, search
}

// alloc takes the lowest n free pages in a row; 0 if there are none. Of them scav bytes were scavenged.
func (p *pageAlloc) alloc(n uintptr) (addr, scav uintptr) {
	if p.searchAddr == noSearch {
		return 0, 0
	}
	search := uintptr(0)
	c, from := chunkOf(p.searchAddr), pageInChunk(p.searchAddr)
	if n <= chunkPages-uintptr(from) && p.sums[leafStart+c].most() >= uint(n) {
		at, first := p.chunks[c].used.find(uint(n), from)
		if at == none {
			throw("summaries of pages are wrong")
		}
		addr = chunkBase(c) + uintptr(at)<<_PageShift
		search = chunkBase(c) + uintptr(first)<<_PageShift
	} else {
		addr, search = p.find(uint(n))
		if addr == 0 {
			if n == 1 {
				p.searchAddr = noSearch
			}
			return 0, 0
		}
	}
	scav = p.setUsed(addr, n)
	p.searchAddr = max(p.searchAddr, search)
	return addr, scav
}

// setUsed marks n free pages as used; so many bytes of them were scavenged.
func (p *pageAlloc) setUsed(base, n uintptr) (scav uintptr) {
	for addr, left := base, uint(n); left > 0; {
		c, i := chunkOf(addr), pageInChunk(addr)
		k := min(left, chunkPages-i)
		chunk := &p.chunks[c]
		if scavenged := chunk.scavenged.count(i, k); scavenged != 0 {
			scav += uintptr(scavenged) << _PageShift
			chunk.scavenged.clear(i, k)
		}
		chunk.used.set(i, k)
		p.scav.alloc(c, k)
		addr += uintptr(k) << _PageShift
		left -= k
	}
	p.update(base, n)
	return scav
}

// free gives n pages back.
func (p *pageAlloc) free(base, n uintptr) {
	p.searchAddr = min(p.searchAddr, base)
	for addr, left := base, uint(n); left > 0; {
		c, i := chunkOf(addr), pageInChunk(addr)
		k := min(left, chunkPages-i)
		p.chunks[c].used.clear(i, k)
		p.scav.free(c, i+k-1, k)
		addr += uintptr(k) << _PageShift
		left -= k
	}
	p.update(base, n)
}

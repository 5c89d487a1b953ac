package runtime

// A pageCache has the free ones of 64 pages in a row, for one allocator alone (runtime/mpagecache.go in Go).
type pageCache struct {
	base uintptr
	// A bit for each page: free, and scavenged among those.
	free uint64
	scav uint64
}

// cachedPages is how many pages a cache is about; larger spans than a quarter of it do not come from it.
const cachedPages = 64

// alloc takes n pages in a row; 0 if there are none. Of them scav bytes were scavenged.
func (c *pageCache) alloc(n uintptr) (addr, scav uintptr) {
	i := uint(ctz64(shorten(c.free, uint(n)-1)))
	if i >= cachedPages {
		return 0, 0
	}
	mask := bitsBetween(i, i+uint(n)-1)
	scav = uintptr(popcnt64(c.scav&mask)) << _PageShift
	c.free &^= mask
	c.scav &^= mask
	return c.base + uintptr(i)<<_PageShift, scav
}

// fill moves the free ones of the 64 pages around the lowest free page to the cache, which is empty.
func (c *pageCache) fill(p *pageAlloc) {
	if p.searchAddr == noSearch {
		return
	}
	addr := p.searchAddr
	if k := chunkOf(addr); p.sums[leafStart+k] != 0 {
		if at, _ := p.chunks[k].used.find(1, pageInChunk(addr)); at == none {
			throw("summaries of pages are wrong")
		} else {
			addr = chunkBase(k) + uintptr(at)<<_PageShift
		}
	} else if addr, _ = p.find(1); addr == 0 {
		p.searchAddr = noSearch
		return
	}
	addr = alignDown(addr, cachedPages<<_PageShift)
	k, word := chunkOf(addr), pageInChunk(addr)/64
	chunk := &p.chunks[k]
	c.base = addr
	c.free = ^chunk.used[word]
	c.scav = chunk.scavenged[word]
	chunk.used[word] = ^uint64(0)
	chunk.scavenged[word] = 0
	p.scav.alloc(k, uint(popcnt64(c.free)))
	p.update(addr, cachedPages)
	// The last of them, rather than the next page, which may not be the heap's.
	p.searchAddr = addr + (cachedPages-1)<<_PageShift
}

// flush gives back what the cache has.
func (c *pageCache) flush(p *pageAlloc) {
	if c.free == 0 {
		return
	}
	k, i := chunkOf(c.base), pageInChunk(c.base)
	chunk := &p.chunks[k]
	chunk.used[i/64] &^= c.free
	chunk.scavenged[i/64] |= c.scav
	p.scav.free(k, i+63-uint(clz64(c.free)), uint(popcnt64(c.free)))
	p.searchAddr = min(p.searchAddr, c.base)
	p.update(c.base, cachedPages)
	*c = pageCache{}
}

package runtime

// Bits for the pages of a chunk: which are in use, and which are scavenged (runtime/mpallocbits.go in Go).

const (
	logChunkPages = 9
	chunkPages    = 1 << logChunkPages
	chunkBytes    = chunkPages << _PageShift
)

// none is an index that no page has.
const none = ^uint(0)

// pageBits has a bit for each page of a chunk.
type pageBits [chunkPages / 64]uint64

// bitsBetween has ones from bit from up to bit to of a word, to included.
func bitsBetween(from, to uint) uint64 {
	return ^uint64(0) << from & (^uint64(0) >> (63 - to))
}

// set sets n bits from i on; clear clears them.
func (b *pageBits) set(i, n uint) {
	for end := i + n; i < end; {
		last := min(i|63, end-1)
		b[i/64] |= bitsBetween(i&63, last&63)
		i = last + 1
	}
}

func (b *pageBits) clear(i, n uint) {
	for end := i + n; i < end; {
		last := min(i|63, end-1)
		b[i/64] &^= bitsBetween(i&63, last&63)
		i = last + 1
	}
}

// count counts the ones among n bits from i on.
func (b *pageBits) count(i, n uint) (ones uint) {
	for end := i + n; i < end; {
		last := min(i|63, end-1)
		ones += uint(popcnt64(b[i/64] & bitsBetween(i&63, last&63)))
		i = last + 1
	}
	return ones
}

// shorten makes each run of ones in x shorter by n at its upper end.
func shorten(x uint64, n uint) uint64 {
	for step := uint(1); n > 0; step <<= 1 {
		// What was taken so far has made the gaps wide enough for twice as much.
		k := min(step, n)
		x &= x >> k
		n -= k
	}
	return x
}

// A chunkData is what is known of the pages of a chunk.
type chunkData struct {
	used      pageBits
	scavenged pageBits // only of pages that are free
}

// find gives the first of the lowest n free pages in a row that are not below the page from, and the lowest free page; none
// for what there is not. Pages below from are in use.
func (b *pageBits) find(n, from uint) (at, first uint) {
	first = none
	run := uint(0) // free pages right before the word
	for w := from / 64; w < uint(len(b)); w++ {
		x := b[w]
		if x == ^uint64(0) {
			run = 0
			continue
		}
		if first == none {
			first = w*64 + uint(ctz64(^x))
		}
		if run+uint(ctz64(x)) >= n {
			return w*64 - run, first
		}
		if x == 0 {
			run += 64
			continue
		}
		if n < 64 {
			if i := uint(ctz64(shorten(^x, n-1))); i < 64 {
				return w*64 + i, first
			}
		}
		run = uint(clz64(x))
	}
	return none, first
}

// summarize gives the summary of a bitmap of pages in use.
func (b *pageBits) summarize() pageSum {
	start, most, run := none, uint(0), uint(0)
	for _, x := range b {
		if x == 0 {
			run += 64
			continue
		}
		run += uint(ctz64(x))
		if start == none {
			start = run
		}
		most = max(most, run)
		run = uint(clz64(x))
	}
	if start == none {
		return packSum(chunkPages, chunkPages, chunkPages)
	}
	most = max(most, run)
	// Runs between two pages in use of the same word have at most 62 pages.
	for i := uint(0); i < uint(len(b)) && most < 62; i++ {
		for x := shorten(^b[i], most); x != 0; x &= x >> 1 {
			most++
		}
	}
	return packSum(start, most, run)
}

package inner

type Cell struct{ n int }

func (c *Cell) Set(n int) { c.n = n }

// Nobody between here and the main package inlines it, so its body is not at hand there.
func (c *Cell) Twice() int { return 2 * c.n }

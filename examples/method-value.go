// Rule: a method value is a closure over its receiver.
// Instead: call the method, or use the method expression, which captures nothing.
package main

type counter struct{ n int }

func (c *counter) add(d int) { c.n += d }

func escapes(c *counter) func(int) {
	return c.add
}

func stays(c *counter) {
	add := (*counter).add
	add(c, 1)
	c.add(1)
}

func main() {
	c := counter{}
	escapes(&c)(1)
	stays(&c)
	println(c.n)
}

package tested

import (
	"flag"
	"fmt"
	"testing"
)

var extra = flag.String("extra", "none", "shown by TestExtra")

func TestJoin(t *testing.T) {
	if Join(3) != "012" {
		t.Fatal("bad")
	}
	for _, name := range []string{"a", "b c"} {
		t.Run(name, func(t *testing.T) {
			t.Log("hello")
			fmt.Print("no newline")
			t.Run("deep", func(t *testing.T) { t.Log("in the depth") })
		})
	}
	t.Log("at last")
}

func TestParallel(t *testing.T) {
	t.Run("one", func(t *testing.T) { t.Parallel(); t.Log("was paused") })
	t.Attr("key", "a value")
}

func TestSkipped(t *testing.T) { t.Skip("not today") }

func TestBad(t *testing.T) { t.Errorf("wrong %d", 1) }

func TestExtra(t *testing.T) { t.Log(*extra, flag.Args()) }

func ExampleJoin() {
	fmt.Println(Join(2))
	// Output: 01
}

func BenchmarkJoin(b *testing.B) {
	for b.Loop() {
		Join(10)
	}
}

lib/lib.go:11:6: can inline NewBox with cost 5 as: func(*int) *Box { return &Box{...} }
lib/lib.go:13:6: can inline (*Box).Get with cost 3 as: method(*Box) func() *int { return b.p }
lib/lib.go:16:6: can inline (*Box).Cell with cost 13 as: method(*Box) func() *inner.Cell { (*inner.Cell).Set(b.in, 1); return &b.in }
lib/lib.go:18:6: can inline Each with cost 28 as: func([]int, func(*int)) { for loop }
lib/lib.go:24:6: can inline Adder with cost 17 as: func(int) func(int) int { return func literal }
lib/lib.go:24:42: can inline Adder.func1 with cost 4 as: func(int) int { return x + n }
lib/lib.go:38:6: cannot inline (*Box).write: marked go:noinline
lib/lib.go:35:6: can inline (*Box).Write with cost 70 as: method(*Box) func([]byte) (int, error) { return int(.autotmp_4), .autotmp_5 }
lib/lib.go:16:44: inlining call to inner.(*Cell).Set
lib/lib.go:11:35: &Box{...} escapes to heap in NewBox:
lib/lib.go:11:35:   flow: ~r0 ← &{storage for &Box{...}}:
lib/lib.go:11:35:     from &Box{...} (spill) at lib/lib.go:11:35
lib/lib.go:11:35:     from return &Box{...} (return) at lib/lib.go:11:28
lib/lib.go:11:13: parameter p leaks to {storage for &Box{...}} for NewBox with derefs=0:
lib/lib.go:11:13:   flow: {storage for &Box{...}} ← p:
lib/lib.go:11:13:     from Box{...} (struct literal element) at lib/lib.go:11:39
lib/lib.go:11:13: leaking param: p
lib/lib.go:11:35: &Box{...} escapes to heap
lib/lib.go:13:7: parameter b leaks to ~r0 for (*Box).Get with derefs=1:
lib/lib.go:13:7:   flow: ~r0 ← *b:
lib/lib.go:13:7:     from b.p (dot of pointer) at lib/lib.go:13:36
lib/lib.go:13:7:     from return b.p (return) at lib/lib.go:13:28
lib/lib.go:13:7: leaking param: b to result ~r0 level=1
lib/lib.go:16:7: parameter b leaks to ~r0 for (*Box).Cell with derefs=0:
lib/lib.go:16:7:   flow: ~r0 ← b:
lib/lib.go:16:7:     from b.in (dot of pointer) at lib/lib.go:16:58
lib/lib.go:16:7:     from &b.in (address-of) at lib/lib.go:16:56
lib/lib.go:16:7:     from return &b.in (return) at lib/lib.go:16:49
lib/lib.go:16:7: leaking param: b to result ~r0 level=0
lib/lib.go:18:11: parameter xs leaks to {heap} for Each with derefs=0:
lib/lib.go:18:11:   flow: {heap} ← xs:
lib/lib.go:18:11:     from xs[i] (dot of pointer) at lib/lib.go:20:8
lib/lib.go:18:11:     from &xs[i] (address-of) at lib/lib.go:20:5
lib/lib.go:18:11:     from f(&xs[i]) (call parameter) at lib/lib.go:20:4
lib/lib.go:18:11: leaking param: xs
lib/lib.go:18:21: f does not escape
lib/lib.go:24:12: Adder capturing by value: n (addr=false assign=false width=8)
lib/lib.go:24:42: func literal escapes to heap in Adder:
lib/lib.go:24:42:   flow: ~r0 ← &{storage for func literal}:
lib/lib.go:24:42:     from func literal (spill) at lib/lib.go:24:42
lib/lib.go:24:42:     from return func literal (return) at lib/lib.go:24:35
lib/lib.go:24:12: parameter n leaks to {storage for func literal} for Adder with derefs=0:
lib/lib.go:24:12:   flow: {storage for func literal} ← n:
lib/lib.go:24:12:     from n (captured by a closure) at lib/lib.go:24:71
lib/lib.go:24:42: func literal escapes to heap
lib/lib.go:38:7: b does not escape
lib/lib.go:38:21: data does not escape
lib/lib.go:35:7: b does not escape
lib/lib.go:35:21: data does not escape

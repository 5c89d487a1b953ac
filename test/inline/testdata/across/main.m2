./main.go:14:24: can inline main.func1 with cost 4 as: func(*int) { *p++ }
./lib/lib.go:26:6: can inline lib.Keep[go.shape.int] with cost 3 as: func(*[2]uintptr, go.shape.int) *go.shape.int { return &lib.v }
./lib/lib.go:33:6: can inline lib.(*Pair[go.shape.int,go.shape.*uint8]).Swap with cost 9 as: method(*lib.Pair[go.shape.int,go.shape.*uint8]) func(*[2]uintptr) *lib.Pair[go.shape.*uint8,go.shape.int] { return &lib.Pair[go.shape.*uint8,go.shape.int]{...} }
./main.go:7:6: cannot inline main: function too complex: cost 368 exceeds budget 80
./lib/lib.go:33:6: can inline lib.(*Pair[go.shape.*uint8,go.shape.int]).Swap with cost 9 as: method(*lib.Pair[go.shape.*uint8,go.shape.int]) func(*[2]uintptr) *lib.Pair[go.shape.int,go.shape.*uint8] { return &lib.Pair[go.shape.int,go.shape.*uint8]{...} }
./lib/lib.go:33:6: can inline lib.(*Pair[int,*int]).Swap with cost 14 as: method(*lib.Pair[int,*int]) func() *lib.Pair[*int,int] { return (*lib.Pair[go.shape.int,go.shape.*uint8]).Swap(lib.p, &lib..dict.Pair[int,*int]) }
./lib/lib.go:33:6: can inline lib.(*Pair[*int,int]).Swap with cost 14 as: method(*lib.Pair[*int,int]) func() *lib.Pair[int,*int] { return (*lib.Pair[go.shape.*uint8,go.shape.int]).Swap(lib.p, &lib..dict.Pair[*int,int]) }
./lib/lib.go:26:6: can inline lib.Keep[int] with cost 9 as: func(int) *int { return lib.Keep[go.shape.int](&lib..dict.Keep[int], lib.v) }
./main.go:9:17: inlining call to lib.NewBox
./main.go:10:16: inlining call to lib.(*Box).Get
./main.go:11:13: inlining call to lib.(*Box).Cell
./main.go:12:7: inlining call to inner.(*Cell).Set
./main.go:14:10: inlining call to lib.Each
./main.go:15:19: inlining call to lib.Adder
./lib/lib.go:24:42: can inline main.Adder.func2 with cost 4 as: func(int) int { return lib.x + lib.n }
./main.go:15:22: inlining call to main.Adder.func2
./main.go:16:17: inlining call to lib.Keep[go.shape.int]
./main.go:18:17: inlining call to lib.(*Pair[go.shape.int,go.shape.*uint8]).Swap
./main.go:19:19: inlining call to lib.(*Box).Write
./main.go:11:13: inlining call to inner.(*Cell).Set
./main.go:14:10: inlining call to main.func1
./lib/lib.go:33:6: inlining call to lib.(*Pair[go.shape.int,go.shape.*uint8]).Swap
./lib/lib.go:33:6: inlining call to lib.(*Pair[go.shape.*uint8,go.shape.int]).Swap
./lib/lib.go:26:6: inlining call to lib.Keep[go.shape.int]
./main.go:15:19: main capturing by value: lib.n (addr=false assign=false width=8)
./main.go:16:17: lib.v escapes to heap in main:
./main.go:16:17:   flow: ~r0 ← &lib.v:
./main.go:16:17:     from &lib.v (address-of) at ./main.go:16:17
./main.go:16:17:     from ~r0 = &lib.v (assign-pair) at ./main.go:16:17
./main.go:16:17:   flow: {heap} ← ~r0:
./main.go:16:17:     from ~r0 (interface-converted) at ./main.go:16:17
./main.go:16:17:     from sink = ~r0 (assign) at ./main.go:16:7
./main.go:16:17: moved to heap: lib.v
./main.go:9:17: &lib.Box{...} does not escape
./main.go:14:16: []int{...} does not escape
./main.go:15:19: func literal does not escape
./main.go:18:17: &lib.Pair[go.shape.*uint8,go.shape.int]{...} does not escape
./main.go:19:27: ([]byte)("data") does not escape
./main.go:19:27: zero-copy string->[]byte conversion
./main.go:14:29: p does not escape
./lib/lib.go:33:50: &lib.Pair[go.shape.*uint8,go.shape.int]{...} escapes to heap in (*Pair[go.shape.int,go.shape.*uint8]).Swap:
./lib/lib.go:33:50:   flow: lib.~r0 ← &{storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}}:
./lib/lib.go:33:50:     from &lib.Pair[go.shape.*uint8,go.shape.int]{...} (spill) at ./lib/lib.go:33:50
./lib/lib.go:33:50:     from return &lib.Pair[go.shape.*uint8,go.shape.int]{...} (return) at ./lib/lib.go:33:43
./lib/lib.go:33:7: parameter lib.p leaks to {storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}} for (*Pair[go.shape.int,go.shape.*uint8]).Swap with derefs=1:
./lib/lib.go:33:7:   flow: {storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}} ← *lib.p:
./lib/lib.go:33:7:     from lib.p.Second (dot of pointer) at ./lib/lib.go:33:63
./lib/lib.go:33:7:     from lib.Pair[go.shape.*uint8,go.shape.int]{...} (struct literal element) at ./lib/lib.go:33:61
./lib/lib.go:33:50: &lib.Pair[go.shape.*uint8,go.shape.int]{...} escapes to heap
./lib/lib.go:33:50: &lib.Pair[go.shape.int,go.shape.*uint8]{...} escapes to heap in (*Pair[go.shape.*uint8,go.shape.int]).Swap:
./lib/lib.go:33:50:   flow: lib.~r0 ← &{storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}}:
./lib/lib.go:33:50:     from &lib.Pair[go.shape.int,go.shape.*uint8]{...} (spill) at ./lib/lib.go:33:50
./lib/lib.go:33:50:     from return &lib.Pair[go.shape.int,go.shape.*uint8]{...} (return) at ./lib/lib.go:33:43
./lib/lib.go:33:7: parameter lib.p leaks to {storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}} for (*Pair[go.shape.*uint8,go.shape.int]).Swap with derefs=1:
./lib/lib.go:33:7:   flow: {storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}} ← *lib.p:
./lib/lib.go:33:7:     from lib.p.First (dot of pointer) at ./lib/lib.go:33:73
./lib/lib.go:33:7:     from lib.Pair[go.shape.int,go.shape.*uint8]{...} (struct literal element) at ./lib/lib.go:33:61
./lib/lib.go:33:50: &lib.Pair[go.shape.int,go.shape.*uint8]{...} escapes to heap
./lib/lib.go:33:6: &lib.Pair[go.shape.*uint8,go.shape.int]{...} escapes to heap in (*Pair[int,*int]).Swap:
./lib/lib.go:33:6:   flow: lib.~r0 ← &{storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}}:
./lib/lib.go:33:6:     from &lib.Pair[go.shape.*uint8,go.shape.int]{...} (spill) at ./lib/lib.go:33:6
./lib/lib.go:33:6:     from lib.~r0 = &lib.Pair[go.shape.*uint8,go.shape.int]{...} (assign-pair) at ./lib/lib.go:33:6
./lib/lib.go:33:6:   flow: lib.~r0 ← lib.~r0:
./lib/lib.go:33:6:     from return lib.~r0 (return) at ./lib/lib.go:33:6
./lib/lib.go:33:7: parameter lib.p leaks to {storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}} for (*Pair[int,*int]).Swap with derefs=1:
./lib/lib.go:33:7:   flow: lib.p ← lib.p:
./lib/lib.go:33:7:     from lib.p, lib..dict := lib.p, &lib..dict.Pair[int,*int] (assign-pair) at ./lib/lib.go:33:6
./lib/lib.go:33:7:   flow: {storage for &lib.Pair[go.shape.*uint8,go.shape.int]{...}} ← *lib.p:
./lib/lib.go:33:7:     from lib.p.Second (dot of pointer) at ./lib/lib.go:33:6
./lib/lib.go:33:7:     from lib.Pair[go.shape.*uint8,go.shape.int]{...} (struct literal element) at ./lib/lib.go:33:6
./lib/lib.go:33:6: &lib.Pair[go.shape.*uint8,go.shape.int]{...} escapes to heap
./lib/lib.go:33:6: &lib.Pair[go.shape.int,go.shape.*uint8]{...} escapes to heap in (*Pair[*int,int]).Swap:
./lib/lib.go:33:6:   flow: lib.~r0 ← &{storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}}:
./lib/lib.go:33:6:     from &lib.Pair[go.shape.int,go.shape.*uint8]{...} (spill) at ./lib/lib.go:33:6
./lib/lib.go:33:6:     from lib.~r0 = &lib.Pair[go.shape.int,go.shape.*uint8]{...} (assign-pair) at ./lib/lib.go:33:6
./lib/lib.go:33:6:   flow: lib.~r0 ← lib.~r0:
./lib/lib.go:33:6:     from return lib.~r0 (return) at ./lib/lib.go:33:6
./lib/lib.go:33:7: parameter lib.p leaks to {storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}} for (*Pair[*int,int]).Swap with derefs=1:
./lib/lib.go:33:7:   flow: lib.p ← lib.p:
./lib/lib.go:33:7:     from lib.p, lib..dict := lib.p, &lib..dict.Pair[*int,int] (assign-pair) at ./lib/lib.go:33:6
./lib/lib.go:33:7:   flow: {storage for &lib.Pair[go.shape.int,go.shape.*uint8]{...}} ← *lib.p:
./lib/lib.go:33:7:     from lib.p.First (dot of pointer) at ./lib/lib.go:33:6
./lib/lib.go:33:7:     from lib.Pair[go.shape.int,go.shape.*uint8]{...} (struct literal element) at ./lib/lib.go:33:6
./lib/lib.go:33:6: &lib.Pair[go.shape.int,go.shape.*uint8]{...} escapes to heap
./lib/lib.go:26:18: lib.v escapes to heap in Keep[go.shape.int]:
./lib/lib.go:26:18:   flow: lib.~r0 ← &lib.v:
./lib/lib.go:26:18:     from &lib.v (address-of) at ./lib/lib.go:26:35
./lib/lib.go:26:18:     from return &lib.v (return) at ./lib/lib.go:26:28
./lib/lib.go:26:18: parameter lib.v leaks to lib.~r0 for Keep[go.shape.int] with derefs=0:
./lib/lib.go:26:18:   flow: lib.~r0 ← &lib.v:
./lib/lib.go:26:18:     from &lib.v (address-of) at ./lib/lib.go:26:35
./lib/lib.go:26:18:     from return &lib.v (return) at ./lib/lib.go:26:28
./lib/lib.go:26:18: moved to heap: lib.v
./lib/lib.go:26:6: lib.v escapes to heap in Keep[int]:
./lib/lib.go:26:6:   flow: lib.~r0 ← &lib.v:
./lib/lib.go:26:6:     from &lib.v (address-of) at ./lib/lib.go:26:6
./lib/lib.go:26:6:     from lib.~r0 = &lib.v (assign-pair) at ./lib/lib.go:26:6
./lib/lib.go:26:6:   flow: lib.~r0 ← lib.~r0:
./lib/lib.go:26:6:     from return lib.~r0 (return) at ./lib/lib.go:26:6
./lib/lib.go:26:6: moved to heap: lib.v

plain/plain.go:7:6: can inline (*Disc).Area with cost 55 as: method(*Disc) func(float64) float64 { t := 0; for loop; return t }
plain/plain.go:26:6: cannot inline (*Disc).Name: marked go:noinline
plain/plain.go:7:7: d does not escape
plain/plain.go:26:7: d does not escape

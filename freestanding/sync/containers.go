package sync

func runtime_registerPoolCleanup(cleanup func())

// A Pool keeps values for use again, for two collections at most.
type Pool struct {
	_      noCopy
	known  bool
	values []any
	older  []any
	// New makes what Get gives when there is nothing.
	New func() any
}

var pools []*Pool

func init() { runtime_registerPoolCleanup(age) }

// age is called at the beginning of each collection.
func age() {
	for _, p := range pools {
		p.older, p.values = p.values, nil
		p.known = p.older != nil
	}
	kept := pools[:0]
	for _, p := range pools {
		if p.known {
			kept = append(kept, p)
		}
	}
	clear(pools[len(kept):])
	pools = kept
}

func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	if !p.known {
		p.known = true
		pools = append(pools, p)
	}
	p.values = append(p.values, x)
}

func (p *Pool) Get() any {
	for _, list := range []*[]any{&p.values, &p.older} {
		if n := len(*list); n > 0 {
			x := (*list)[n-1]
			(*list)[n-1] = nil
			*list = (*list)[:n-1]
			return x
		}
	}
	if p.New == nil {
		return nil
	}
	return p.New()
}

// A Map is a map[any]any for many goroutines.
type Map struct {
	_ noCopy
	m map[any]any
}

func (m *Map) Load(key any) (value any, ok bool) {
	value, ok = m.m[key]
	return value, ok
}

func (m *Map) Store(key, value any) { m.Swap(key, value) }

func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	previous, loaded = m.m[key]
	if m.m == nil {
		m.m = map[any]any{}
	}
	m.m[key] = value
	return previous, loaded
}

func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	if actual, loaded = m.m[key]; loaded {
		return actual, true
	}
	m.Swap(key, value)
	return value, false
}

func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	value, loaded = m.m[key]
	delete(m.m, key)
	return value, loaded
}

func (m *Map) Delete(key any) { delete(m.m, key) }

func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	if value, ok := m.m[key]; !ok || value != old {
		return false
	}
	m.m[key] = new
	return true
}

func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	if value, ok := m.m[key]; !ok || value != old {
		return false
	}
	delete(m.m, key)
	return true
}

// Range calls f for each entry until it says false.
func (m *Map) Range(f func(key, value any) bool) {
	for key, value := range m.m {
		if !f(key, value) {
			return
		}
	}
}

func (m *Map) Clear() { clear(m.m) }

// encoding/json, both ways.
package main

import (
	"encoding/json"
	"fmt"
)

type person struct {
	Name   string            `json:"name"`
	Age    int               `json:"age"`
	Emails []string          `json:"emails,omitempty"`
	Tags   map[string]string `json:"tags"`
	Score  float64           `json:"score"`
}

func main() {
	people := make([]person, 2000)
	for i := range people {
		people[i] = person{
			Name:   fmt.Sprintf("person %d", i),
			Age:    i % 90,
			Emails: []string{"a@example.com", "b@example.com"},
			Tags:   map[string]string{"team": "go", "level": fmt.Sprint(i % 5)},
			Score:  float64(i) / 3,
		}
	}
	total := 0
	for range 15 {
		data, err := json.Marshal(people)
		if err != nil {
			panic(err)
		}
		var back []person
		if err := json.Unmarshal(data, &back); err != nil {
			panic(err)
		}
		total += len(data) + back[len(back)-1].Age
	}
	fmt.Println(total)
}

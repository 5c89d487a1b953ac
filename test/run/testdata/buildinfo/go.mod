module example.com/built

go 1.25

require example.com/lib v1.2.3

replace example.com/lib => ./lib

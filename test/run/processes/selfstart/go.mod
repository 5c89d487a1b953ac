module selfstart

go 1.26

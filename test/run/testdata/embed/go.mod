module embedded

go 1.26

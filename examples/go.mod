module goesc.example

go 1.26

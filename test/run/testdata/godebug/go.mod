module godebug

go 1.18

godebug winsymlink=1

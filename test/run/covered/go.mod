module cov

go 1.26

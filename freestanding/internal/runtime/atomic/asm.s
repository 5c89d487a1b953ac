// Here so that functions need no bodies: package runtime and the compiler have them.

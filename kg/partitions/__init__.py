"""Assembly of a graph in parts: documents to rows, rows by hash to partitions, each partition to sorted blocks.

No process holds more than the rows of one partition. A later build adds and takes away only the rows of the documents
that changed, and makes anew only what these touch. Jobs are bytes, and functions of bytes to bytes do them, so that
any scheduler will do.
"""

"""The packaged questions, one .rq file each."""

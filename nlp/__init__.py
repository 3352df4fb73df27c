"""What we think of a post: `nlp.judge.Judge` takes a Post and answers with a Verdict. Imports core only."""

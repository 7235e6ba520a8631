"""Characters, no meaning: encodings, pinyin, links, search keys, what an account is."""

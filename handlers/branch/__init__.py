"""The branch as a whole: records, development, term, burden, what lies ahead."""

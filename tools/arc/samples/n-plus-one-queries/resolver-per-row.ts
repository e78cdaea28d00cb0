export const resolvers = {
  Query: {
    books: (_parent: unknown, args: { first: number }) =>
      db('books').select('*').limit(args.first),
  },
  Book: {
    author: (book: BookRow) =>
      db('authors').where({ id: book.author_id }).first(),
    publisher: (book: BookRow) =>
      db('publishers').where({ id: book.publisher_id }).first(),
    reviews: (book: BookRow) =>
      db('reviews').where({ book_id: book.id }).limit(10),
  },
};

public import Entries
public import HTTP
import ICalendar

/// An address book that a server holds.
public struct FoundBook: Sendable, Equatable {
    /// The source's own path of it.
    public var path: String
    public var name: String
    public var description: String?
    public var access: Access?

    public init(path: String, name: String) {
        self.path = path
        self.name = name
    }
}

/// One address book on a CardDAV server, opened for one round.
///
/// What changed is told by who is new or different. A server names who is gone by the path of a card, and a contact is known
/// by the UID in it, so when anybody is gone the book is read as a whole: books are small.
public final class CardDAVSource: PeopleSource {
    private let account: DAVAccount
    private let means: Means
    private let path: String
    private let name: String?

    /// - Parameter address: where the account was found.
    /// - Parameter book: the path of the book, as it was listed.
    /// - Parameter credentials: nil where the transport carries them.
    public init(
        at address: Address, book: String, name: String? = nil, credentials: Credentials? = nil, means: Means
    ) {
        account = DAVAccount(at: address, credentials: credentials, means: means)
        self.means = means
        path = book
        self.name = name
    }

    /// The address books of an account; none where the server has no CardDAV.
    public static func books(at address: Address, credentials: Credentials? = nil, means: Means) throws -> [FoundBook] {
        let account = DAVAccount(at: address, credentials: credentials, means: means)
        let known = try account.homes()
        guard !known.homes(.books).isEmpty || known.book != nil else { return [] }
        return try account.listing(.books).collections.map { collection in
            var book = FoundBook(path: collection.path, name: collection.name)
            book.description = collection.description
            book.access = collection.access
            return book
        }
    }

    public func people(since text: String?) throws -> FoundPeople? {
        let book = try account.collection(.books, path, name: name)
        do {
            return try BookReading(book: book, client: account.client, means: means).read(since: text)
        } catch let failure as ReadingFailure {
            throw account.named(failure, .books, name)
        }
    }
}

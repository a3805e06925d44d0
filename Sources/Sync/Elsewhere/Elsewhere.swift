import Entries
public import Providers

/// How a round opens what does not lie on this machine. It is handed in: the stages know neither networks nor passwords.
public struct Elsewhere {
    /// Opens a connection for one round; throws a `ReadingFailure` where that is not possible.
    public let open: (ConnectionRow) throws -> Opened
    /// Takes a connection, which is read by one at a time; false while somebody else has it.
    public let begin: (String) -> Bool
    public let end: (String) -> Void

    public init(
        open: @escaping (ConnectionRow) throws -> Opened, begin: @escaping (String) -> Bool = { _ in true },
        end: @escaping (String) -> Void = { _ in }
    ) {
        self.open = open
        self.begin = begin
        self.end = end
    }

    /// For those who have connected nothing but files.
    public static var nowhere: Elsewhere {
        Elsewhere(open: { _ in
            throw ReadingFailure(.permanent, "not_here", "This program reads nothing but files.")
        })
    }

    /// What a connection turned out to hold.
    public enum Subject {
        case calendars(any CalendarSource)
        case people(any PeopleSource)
    }

    public struct Opened {
        public let subject: Subject
        public let memory: ServerMemory
        /// Does what remains when the connection was read: a feed that moved gets its new address.
        public let close: () throws -> Void

        public init(_ subject: Subject, memory: ServerMemory, close: @escaping () throws -> Void = {}) {
            self.subject = subject
            self.memory = memory
            self.close = close
        }
    }
}

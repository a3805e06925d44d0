public import Entries
public import ICalendar
public import Ledger
public import Projections
public import SQLite
public import Secrets

/// What a stage works with: the views that say what is due, the ledger that takes what was decided, and what is handed in.
///
/// A stage keeps nothing of its own. Each call of `append` is one transaction, and `read` sees all that was appended
/// before it, so a stage that was stopped anywhere goes on where it was when it is called again.
public final class Desk {
    public let reader: LedgerReader
    public let names: Names
    public let randomness: Randomness
    public let zones: ZoneBook
    /// Who or what does it, as entries name it.
    public let actor: String
    private let clock: @Sendable () -> Int64
    let views: () throws -> Views
    private let appending: ([Draft]) throws -> [Receipt]
    /// Seals where a source's next reading begins, before it is written down.
    private let cursorSeal: CursorSeal
    public let report: (_ work: String, _ done: Int64, _ all: Int64) throws -> Void
    private let pausing: () -> Bool

    public convenience init(
        reader: LedgerReader, views: @escaping () throws -> Views, append: @escaping ([Draft]) throws -> [Receipt],
        nameMaker: NameMaker, randomness: Randomness, now: @escaping @Sendable () -> Int64, zones: ZoneBook,
        actor: String, cursorSeal: CursorSeal = .none,
        report: @escaping (_ work: String, _ done: Int64, _ all: Int64) throws -> Void = { _, _, _ in },
        pause: @escaping () -> Bool = { false }
    ) {
        self.init(
            reader: reader, views: views, append: append, names: Names(nameMaker), randomness: randomness, now: now,
            zones: zones, actor: actor, cursorSeal: cursorSeal, report: report, pause: pause)
    }

    private init(
        reader: LedgerReader, views: @escaping () throws -> Views, append: @escaping ([Draft]) throws -> [Receipt],
        names: Names, randomness: Randomness, now: @escaping @Sendable () -> Int64, zones: ZoneBook, actor: String,
        cursorSeal: CursorSeal, report: @escaping (_ work: String, _ done: Int64, _ all: Int64) throws -> Void,
        pause: @escaping () -> Bool
    ) {
        self.reader = reader
        self.views = views
        appending = append
        self.names = names
        self.randomness = randomness
        clock = now
        self.zones = zones
        self.actor = actor
        self.cursorSeal = cursorSeal
        self.report = report
        pausing = pause
    }

    /// The same desk, which takes nothing any more once what it is about is gone.
    ///
    /// While a source is asked others work in the home, and may remove what is being read.
    func whileStanding(_ isStanding: @escaping (Connection) throws -> Bool) -> Desk {
        Desk(
            reader: reader, views: views,
            append: { [appending, views] drafts in
                guard try views().read(isStanding) else { throw Superseded() }
                return try appending(drafts)
            }, names: names, randomness: randomness, now: clock, zones: zones, actor: actor, cursorSeal: cursorSeal,
            report: report, pause: pausing)
    }

    /// Lets others work in the home who wait for it, between two transactions of a long work. True if somebody did: then
    /// what was read before may be so no more.
    func pause() -> Bool { pausing() }

    public func now() -> Int64 { clock() }

    /// A cursor of files says nothing that their path does not; what a server gave may be good for more than reading on.
    func cursors(of provider: Provider) -> CursorSeal { provider == .files ? .none : cursorSeal }

    /// Reads the views as they are after all that was appended.
    public func read<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer { try views().read(body) }

    @discardableResult
    public func append(_ drafts: [Draft]) throws -> [Receipt] {
        drafts.isEmpty ? [] : try appending(drafts)
    }

    @discardableResult
    public func append<SomeFact: Fact>(
        _ fact: SomeFact, stream: String, owner: String, cause: Int64? = nil, expectedVersion: Int64? = nil
    ) throws -> Receipt {
        try append([draft(fact, stream: stream, owner: owner, cause: cause, expectedVersion: expectedVersion)])[0]
    }

    public func draft<SomeFact: Fact>(
        _ fact: SomeFact, stream: String, owner: String, cause: Int64? = nil, expectedVersion: Int64? = nil
    ) -> Draft {
        Draft(fact, stream: stream, owner: owner, actor: actor, cause: cause, expectedVersion: expectedVersion)
    }
}

/// What was being worked on is gone: somebody removed it meanwhile. That is nobody's fault, and nothing is written of it.
struct Superseded: Error {}

/// Keeps from view where a source's next reading begins.
public struct CursorSeal {
    public let seal: (String) throws -> String
    /// Nil where it was sealed with a key that is gone; then everything is read again.
    public let open: (String) throws -> String?

    public init(seal: @escaping (String) throws -> String, open: @escaping (String) throws -> String?) {
        self.seal = seal
        self.open = open
    }

    public static var none: CursorSeal { CursorSeal(seal: { $0 }, open: { $0 }) }
}

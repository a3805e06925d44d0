public import Application
public import Entries
public import Ledger
public import Machine

/// A home that many threads use: one writes at a time, and beside it companions read.
///
/// Everything that comes in (from the socket, over HTTP, from the schedule) ends here, as a request or as entries to be
/// appended. What was answered to is posted: whoever reads after an answer finds what it was about.
public final class Household: Sendable {
    /// Whose turn it is with the home.
    public let queue: TurnQueue
    /// Nil once it is closed: then the home is free for another process.
    private let home: Guarded<Turns<OpenHome>?>
    private let companions: Companions
    public let folder: HomeFolder
    /// Rings with the position of the newest entry.
    public let bell: Bell
    private let postbox: Postbox
    /// The file that is written to. Another in its place, or none, is not ours.
    private let ledger: Folder.Identity?
    /// Why nothing could be written the last time that somebody tried; nil where it could.
    private let broken = Guarded<String?>(nil)

    /// Opens the home. It is lent to others while something waits for the network.
    public convenience init(_ folder: HomeFolder, _ options: OpenHome.Options, readers: Int = Household.readers) throws
    {
        let queue = TurnQueue()
        var options = options
        options.network = options.network.lending(queue)
        options.progress = { try Errand.report($0) }
        options.pause = { queue.pause() }
        options.network.hear = { Errand.report($0) }
        try self.init(OpenHome(folder, options), queue, readers)
    }

    private init(_ home: OpenHome, _ queue: TurnQueue, _ readers: Int) throws {
        self.queue = queue
        folder = home.folder
        _ = try home.views()
        ledger = Folder.identity(home.folder.ledger)
        bell = Bell(try home.head.size)
        let turns = Guarded<Turns<OpenHome>?>(Turns(home, queue))
        self.home = turns
        companions = Companions(most: readers) {
            guard let home = turns.with({ $0 }) else { throw Self.closing }
            return try home.take { try OpenHome(companionOf: $0) }
        }
        postbox = Postbox()
        try postbox.open { [weak self] letters in self?.write(letters) }
    }

    /// So many requests are read at once; each costs a connection to each file.
    public static let readers = 4

    // MARK: Asking

    public func ask<SomeRequest: Request>(
        _ request: SomeRequest, _ urgency: Urgency = .person
    ) throws -> SomeRequest.Answer {
        if request is any ReadingRequest { return try read { try request.answer(in: $0) } }
        return try with(urgency) { try request.answer(in: $0) }
    }

    /// A request that came as bytes, answered as bytes.
    func answer(_ received: Exchange.Received) -> [UInt8] {
        do {
            if received.isReading { return try read { received.answer(in: $0) } }
            return try with(.person) { received.answer(in: $0) }
        } catch {
            return Exchange.refuse(error)
        }
    }

    /// Lends the home to the body, and posts what it appended.
    public func with<Answer>(_ urgency: Urgency = .person, _ body: (OpenHome) throws -> Answer) throws -> Answer {
        guard let turns = home.with({ $0 }) else { throw Self.closing }
        return try turns.take(urgency) { home in
            try requireLedger()
            guard home.recover() else {
                broken.with { $0 = "the disk failed" }
                throw Refusal(
                    .diskFull, "the disk of \(folder.path) failed, and does not yet work again",
                    hint: "Free some space; the service looks again by itself.")
            }
            defer { posted(home) }
            do {
                return try OpenHome.explained(folder) { try body(home) }
            } catch {
                if let refusal = error as? Refusal, refusal.kind == .diskFull { broken.with { $0 = refusal.message } }
                throw error
            }
        }
    }

    /// Why nothing can be written; nil as far as is known.
    var trouble: String? {
        if let displacement { return displacement.message }
        return broken.with { $0 }
    }

    /// What is written to a file that was taken away is gone when the service ends, so nothing is.
    private func requireLedger() throws {
        if let displacement { throw displacement }
    }

    private var displacement: Refusal? {
        guard let ledger, Folder.identity(folder.ledger) != ledger else { return nil }
        return Refusal(
            .unusableHome,
            "\(folder.ledger) was moved, removed or replaced while the service runs, so nothing is written",
            hint: "Put it back, or stop the service. What it holds may be read until then: daybook log --all --json")
    }

    private func posted(_ home: OpenHome) {
        // What cannot be posted now is posted before the next request, or that one says why not.
        _ = try? home.views()
        guard let size = try? home.head.size else { return }
        if size > bell.last { broken.with { $0 = nil } }
        bell.ring(size)
    }

    /// Reads beside whoever has the home.
    public func read<Answer>(_ body: (OpenHome) throws -> Answer) throws -> Answer {
        guard home.with({ $0 != nil }) else { throw Self.closing }
        return try companions.take { companion in try OpenHome.explained(folder) { try body(companion) } }
    }

    private static let closing = Refusal(.locked, "the service is stopping", hint: "Ask again in a moment.")

    // MARK: Appending

    /// Appends, together with all that others append at the same time. `then` hears of it when the disk has it.
    public func append(_ drafts: [Draft], then: @escaping @Sendable (Result<[Receipt], Refusal>) -> Void) {
        if !postbox.post(Postbox.Letter(drafts: drafts, then: then)) { then(.failure(Self.closing)) }
    }

    private func write(_ letters: [Postbox.Letter]) {
        do {
            let answers = try with { try $0.append(requests: letters.map(\.drafts)) }
            for (letter, answer) in zip(letters, answers) { letter.then(answer) }
        } catch {
            let refusal = error as? Refusal ?? Refusal(.failed, "\(error)")
            for letter in letters { letter.then(.failure(refusal)) }
        }
    }

    // MARK: Ending

    /// Answers what was posted, and leaves the home in order. Nothing is answered after it.
    public func close() throws {
        postbox.close()
        let turns = home.with { home -> Turns<OpenHome>? in
            defer { home = nil }
            return home
        }
        guard let turns else { return }
        companions.close()
        try turns.take { try $0.close() }
    }
}

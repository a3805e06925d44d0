import Application
import Entries
import HTTP
import Machine
import Secrets
import WebServer

/// The door for HTTP.
///
/// The threads of the network only hand over: what providers tell goes to its receivers, which answer when the disk has it;
/// everything else goes to clerks, and whoever wants to wait for something has a thread of their own. Those who take a quick
/// look, those who change something or look at very much, and those who have a server elsewhere asked have clerks of their
/// own, so that nobody who looks stands behind somebody who writes, and nobody at all behind a server that does not answer.
final class WebDoor: Sendable {
    struct Options: Sendable {
        /// An address of this machine; only itself, unless told otherwise.
        var place = ListeningPlace.usual
        /// Names under which it is asked besides those of this machine and of the public address.
        var hosts: [String] = []
    }

    /// More than there are processors only stand in each other's way.
    private static let readers = max(2, min(Household.readers, ThisProcess.processorCount))
    private static let writers = 4
    private static let travellers = 4
    /// More than this wait at once for entries to come.
    private static let mostWaiting = 32
    private static let draining = 3_000

    private let household: Household
    private let listener: Listener
    private let standing: Standing
    private let feed: EntryFeed
    private let readers: Clerks
    private let writers: Clerks
    private let travellers: Clerks
    private let isStopping: Guarded<Bool>

    /// Where it listens, as a person types it.
    let address: String

    init(
        _ household: Household, _ options: Options, _ journal: Journal, board: ProgressBoard, health: Health,
        now: @escaping @Sendable () -> Int64, randomness: Randomness
    ) throws {
        self.household = household
        let book = try household.with { try $0.access() }
        let front = PushFront(WatchTable(), now: now) { drafts, then in
            household.append(drafts) { result in
                if case .success = result { then(true) } else { then(false) }
            }
        }
        standing = try Standing(household, front, named: options.hosts, now: now)
        feed = try EntryFeed(household)
        let isStopping = Guarded(false)
        let router = try Self.router(
            household, options, book, standing, feed, board, health, journal, isStopping, now, randomness)
        let (readers, writers) = (try Clerks(Self.readers), try Clerks(Self.writers))
        let travellers = try Clerks(Self.travellers)
        let waiting = Guarded(0)
        let errand = Errand(goesOn: { !isStopping.with { $0 } })
        listener = try Self.listen(options.place, journal) { visit, answer in
            if PushFront.paths.contains(visit.path) { return front.take(visit) { answer.give($0) } }
            let work: @Sendable () -> Void = { errand.run { answer.give(router.reply(visit)) } }
            let isTaken =
                if Self.isPatient(visit) {
                    Self.wait(waiting, work)
                } else {
                    switch router.pace(of: visit) {
                    case .quick: (Self.isLook(visit) ? readers : writers).take(work)
                    case .thorough: writers.take(work)
                    case .lasting: travellers.take(work)
                    }
                }
            if !isTaken { answer.give(Self.busy) }
        }
        address = "http://\(options.place.hostShown):\(listener.port)"
        (self.readers, self.writers, self.travellers) = (readers, writers, travellers)
        self.isStopping = isStopping
    }

    /// Takes nobody in any more, and lets those who are in have their answer.
    func close() {
        isStopping.with { $0 = true }
        household.bell.shake()
        feed.close()
        listener.stop(drainingMilliseconds: Self.draining)
        readers.close()
        writers.close()
        travellers.close()
        standing.close()
    }

    // MARK: Who takes it

    private static func isLook(_ visit: Visit) -> Bool { ["GET", "HEAD"].contains(visit.method) }

    private static func isPatient(_ visit: Visit) -> Bool { !visit.queryValues("wait").isEmpty }

    private static func wait(_ waiting: Guarded<Int>, _ work: @escaping @Sendable () -> Void) -> Bool {
        let hasPlace = waiting.with { waiting in
            guard waiting < mostWaiting else { return false }
            waiting += 1
            return true
        }
        guard hasPlace else { return false }
        let isStarted = Background.detach {
            work()
            waiting.with { $0 -= 1 }
        }
        if !isStarted { waiting.with { $0 -= 1 } }
        return isStarted
    }

    private static let busy = Reply.refused(
        Refusal(.locked, "too much is being asked just now", hint: "Ask again in a moment."))

    // MARK: Putting it together

    private static func listen(
        _ place: ListeningPlace, _ journal: Journal, _ handle: @escaping @Sendable (Visit, Answer) -> Void
    ) throws -> Listener {
        var options = Listener.Options()
        (options.address, options.port) = (place.address, place.port)
        // Behind a proxy of this machine everybody has one address.
        if !place.isOpen { options.connectionsPerAddress = options.connections }
        options.bodyLimit = { method, path in
            if PushFront.paths.contains(path) { return PushFront.mostBytes }
            return Routes.takesFile(method, path) ? BodyReader.mostFileBytes : BodyReader.mostJSONBytes
        }
        options.reply = { fault in
            var reply = Reply.refused(Refusal(.badRequest, fault.sentence, code: "bad_http"), status: fault.status)
            if fault == .method { reply.headers.append(.init("Allow", "DELETE, GET, HEAD, PATCH, POST, PUT")) }
            return reply
        }
        do {
            return try Listener(options, handle: handle)
        } catch {
            throw Refusal(
                .failed, error.description,
                hint: error.isInUse
                    ? "Another program listens there. Choose another port: daybook serve --listen 127.0.0.1:PORT"
                    : error.isForbidden
                        ? "Ports below 1024 are for root; let a proxy listen there."
                        : "Name an address of this machine: daybook serve --listen ADDRESS:PORT")
        }
    }

    private static func router(
        _ household: Household, _ options: Options, _ book: AccessBook, _ standing: Standing, _ feed: EntryFeed,
        _ board: ProgressBoard, _ health: Health, _ journal: Journal, _ isStopping: Guarded<Bool>,
        _ now: @escaping @Sendable () -> Int64, _ randomness: Randomness
    ) throws -> Router {
        var surroundings = Access.Surroundings(now: now, randomness: randomness) { body in
            try household.with { try body($0) }
        }
        surroundings.proxies = { standing.proxies }
        surroundings.failed = { failure in
            journal.note(
                "access.refused", .warning, ["code": .text(failure.code), "address": .text(failure.address)])
        }
        let access = Access(book, surroundings)
        var means = WebMeans(asker: household) { visit throws(AccessFault) in try access.caller(visit) }
        means.access = access
        means.isOurs = { standing.isOurs($0) }
        means.identifier = { randomness.identifier() }
        means.unready = { health.trouble() }
        means.bell = { position, seconds in
            let end = Moment.monotonicMilliseconds() + seconds * 1_000
            while household.bell.last <= position, !isStopping.with({ $0 }) {
                let left = end - Moment.monotonicMilliseconds()
                guard left > 0 else { return }
                household.bell.wait(after: position, milliseconds: min(left, 500))
            }
        }
        means.entryStream = { feed.stream(after: $0, for: $1) }
        means.progressStream = { board.stream(for: $0) }
        means.broke = { run, error in
            journal.note("request.broke", .error, ["run": .text(run), "reason": .text("\(type(of: error))")])
        }
        return try Router(means)
    }
}

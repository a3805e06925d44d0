import Entries
import FoundationEssentials
import HTTP
import Projections
import Providers
import SQLite
import Secrets
import Sync
import Vault

/// Begins to connect an account of Google or Microsoft: its owner has to say yes on a page of theirs.
///
/// It takes two steps, so that the page can be opened elsewhere than this program runs. What must be remembered in between
/// lies in the vault for ten minutes, and is good for one answer.
public struct BeginGrantRequest: Request {
    public static let name = "begin_grant"

    public enum Way: String, Codable, Sendable, CaseIterable {
        /// The browser runs here, and is sent back to this machine.
        case loopback
        /// The address to which the browser was sent is copied by hand.
        case manual
        /// A code is typed on another device.
        case device
    }

    public struct Answer: Codable, Sendable {
        /// Names the grant in the second step; it opens nothing.
        public let grant: String
        /// Where its owner says yes.
        public let page: String
        /// What the answer of the browser must bear.
        public let state: String
        /// What to type there.
        public let userCode: String?
        public let intervalSeconds: Int64?
        public let expires: Int64
    }

    public var user: String?
    public var provider: String
    public var way: Way
    /// Where the browser is to be sent back.
    public var redirect = "http://127.0.0.1/"
    /// The contacts are wanted and not the calendars.
    public var isForPeople = false
    /// Which account, where that is known.
    public var email: String?

    public init(user: String?, provider: String, way: Way) {
        self.user = user
        self.provider = provider
        self.way = way
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let provider = try Provider.granted(provider)
        let grantor = try home.grantor(provider)
        let now = home.options.now()
        let pending = PendingGrants(home: home, viewer: viewer)
        try pending.sweep(now)
        var request = GrantRequest(
            scopes: grantor.scopes(people: isForPeople), redirect: redirect, isForPeople: isForPeople, now: now,
            home.options.randomness)
        guard way == .device else {
            let id = try pending.keep(.init(provider: provider.rawValue, request: request, device: nil))
            return Answer(
                grant: id, page: request.page(of: grantor, hint: email), state: request.state, userCode: nil,
                intervalSeconds: nil,
                expires: now + GrantRequest.lifetimeMilliseconds)
        }
        let device = try Refusal.granting(provider) {
            try TokenDesk(grantor, home.plainTransport(), now: home.options.now).device(request.scopes)
        }
        request = GrantRequest(
            scopes: request.scopes, redirect: "", isForPeople: isForPeople, now: now, home.options.randomness)
        let id = try pending.keep(.init(provider: provider.rawValue, request: request, device: device))
        return Answer(
            grant: id, page: device.page, state: "", userCode: device.userCode, intervalSeconds: device.intervalSeconds,
            expires: device.expires)
    }
}

/// Ends to connect an account: takes the answer of its owner, tries it, and only then stores anything.
public struct FinishGrantRequest: Request {
    public static let name = "finish_grant"

    public struct Answer: Codable, Sendable {
        /// Nil while the owner has not said yes yet.
        public let connected: ConnectedAnswer?
        /// Of a device: ask again in so many seconds.
        public let waitSeconds: Int64?
    }

    public var user: String?
    public var grant: String
    /// The address to which the browser was sent; nothing for a device.
    public var redirected: Confided?
    public var terms = ConnectionTerms()
    public var calendars: [String]?
    public var isPreviewed = false
    /// The connection that gets a new grant; nil makes a new one.
    public var reconnecting: String?

    public init(user: String?, grant: String) {
        self.user = user
        self.grant = grant
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        try terms.check()
        let pending = PendingGrants(home: home, viewer: viewer)
        let waiting = try pending.take(grant)
        let provider = try Provider.granted(waiting.provider)
        let grantor = try home.grantor(provider)
        let desk = try TokenDesk(grantor, home.plainTransport(), now: home.options.now)
        let tokens: TokenSet
        do {
            tokens = try Refusal.granting(provider) { try self.tokens(desk, waiting, grantor) }
        } catch let wait as Pending {
            try pending.keep(waiting, as: grant)
            return Answer(connected: nil, waitSeconds: wait.seconds)
        } catch let refusal as Refusal where refusal.kind == .badRequest {
            // What is no answer at all uses nothing up: the page is open still.
            try pending.keep(waiting, as: grant)
            throw refusal
        }
        var account = GrantedAccount(
            home: home, viewer: viewer, provider: provider, grantor: grantor, tokens: tokens)
        account.isForPeople = waiting.request.isForPeople
        account.rules = .attended
        return Answer(connected: try connect(account, home, viewer), waitSeconds: nil)
    }

    private struct Pending: Error { let seconds: Int64 }

    private func tokens(
        _ desk: TokenDesk, _ waiting: PendingGrants.Waiting, _ grantor: Grantor
    ) throws -> TokenSet {
        guard let device = waiting.device else {
            let code = try redirected.map { try $0.secret.reveal { try waiting.request.code(in: $0, of: grantor) } }
            guard let code else { throw GrantFailure(.noAnswer) }
            return try desk.tokens(for: code, waiting.request)
        }
        do {
            return try desk.tokens(for: device, isForPeople: waiting.request.isForPeople)
        } catch let failure as GrantFailure where failure.cause == .pending {
            throw Pending(seconds: device.intervalSeconds)
        } catch let failure as GrantFailure where failure.cause == .slowDown {
            throw Pending(seconds: device.intervalSeconds + 5)
        } catch let failure as GrantFailure where failure.cause == .expired {
            throw PendingGrants.ranOut(waiting)
        }
    }

    private func connect(_ account: GrantedAccount, _ home: OpenHome, _ viewer: Viewer) throws -> ConnectedAnswer {
        let found = try Refusal.explaining(in: home) { try account.look() }
        var new = NewConnection(home: home, viewer: viewer, terms: terms)
        if let reconnecting {
            let id = try home.connection(reconnecting, of: viewer)
            let row = try home.views().read { try ConnectionRow.one(id, $0) }
            new.renewing = id
            let account = home.desk().names.account(viewer.user, provider: found.provider.rawValue, found.account)
            guard !found.isAccountKnown || account == row?.account else {
                throw Refusal(
                    .conflict,
                    "\(found.email ?? "that") is another account than the one of “\(row?.name ?? reconnecting)”",
                    hint: "Connect it as a new one with “daybook connect”; this one was left as it is.")
            }
        }
        new.found = found
        new.secrets = [.tokens: try account.tokens.sealedForm()]
        new.credential = .oauth
        new.scopes = account.tokens.scopes
        new.expires = account.tokens.expires
        new.grantExpires = account.tokens.grantExpires
        return try new.connect(
            choosing: calendars, isDryRun: isPreviewed, isPreviewed: isPreviewed, readAs: { _ in try account.opened() })
    }
}

/// Grants that wait for the word of their owner.
struct PendingGrants {
    struct Waiting: Codable {
        let provider: String
        let request: GrantRequest
        let device: TokenDesk.Device?
    }

    let home: OpenHome
    let viewer: Viewer

    private static let record = "waiting"

    func keep(_ waiting: Waiting) throws -> String {
        let id = home.options.randomness.identifier()
        try keep(waiting, as: id)
        return id
    }

    func keep(_ waiting: Waiting, as id: String) throws {
        try home.vault().put(
            Secret(Array(try JSONEncoder().encode(waiting))), owner: viewer.user, connection: Self.place(id),
            name: Self.record)
    }

    /// It is gone with this: an answer that is given twice is refused the second time.
    func take(_ id: String) throws -> Waiting {
        let vault = try home.vault()
        let secret = try vault.get(owner: viewer.user, connection: Self.place(id), name: Self.record)
        guard let secret else { throw Refusal(GrantFailure(.otherState)) }
        try vault.destroy(owner: viewer.user, connection: Self.place(id))
        let waiting = try secret.revealBytes { try JSONDecoder().decode(Waiting.self, from: Data($0)) }
        let now = home.options.now()
        let isOver = waiting.device.map { now >= $0.expires } ?? waiting.request.isOver(at: now)
        guard !isOver else { throw Self.ranOut(waiting) }
        return waiting
    }

    static func ranOut(_ waiting: Waiting) -> Refusal {
        guard let device = waiting.device else {
            return Refusal(.needsCredentials, "the page ran out after ten minutes", hint: "Run it again.")
        }
        let minutes = (device.expires - waiting.request.created) / 60_000
        return Refusal(.needsCredentials, "the code ran out after \(minutes) minutes", hint: "Run it again.")
    }

    /// Removes what nobody answered.
    func sweep(_ now: Int64) throws {
        let vault = try home.vault()
        for place in try vault.places() where place.owner == viewer.user && place.connection.hasPrefix(Self.place("")) {
            // One that cannot be opened will never be answered.
            let secret = try? vault.get(owner: viewer.user, connection: place.connection, name: Self.record)
            let waiting = try secret?.revealBytes { try JSONDecoder().decode(Waiting.self, from: Data($0)) }
            if waiting.map({ $0.device.map { now >= $0.expires } ?? $0.request.isOver(at: now) }) != false {
                try vault.destroy(owner: viewer.user, connection: place.connection)
            }
        }
    }

    private static func place(_ id: String) -> String { "grant/" + id }
}

extension Refusal {
    init(_ failure: GrantFailure) {
        switch failure.cause {
        // Nobody was asked: what was given is no answer, or nothing that this provider could be asked for.
        case .noAnswer, .noDevices: self.init(.badRequest, failure.description.asClause)
        default: self.init(.needsCredentials, failure.description.asClause)
        }
    }

    /// What a provider says of a grant, as the answer to one who waits for it.
    static func granting<Answer>(_ provider: Provider, _ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let failure as GrantFailure where failure.cause == .wrongClient {
            throw Refusal(
                .needsCredentials,
                "\(provider.title) does not know this client, or its secret is another (\(failure.code))",
                hint: "Compare with its console, and tell it again: \(provider.registering)")
        } catch let failure as GrantFailure {
            throw Refusal(failure)
        } catch let failure as ReadingFailure {
            throw Refusal(failure)
        }
    }
}

extension OpenHome {
    /// The provider, as this home is known to it; for one who is about to ask it.
    func grantor(_ provider: Provider) throws -> Grantor {
        do {
            if let grantor = try registeredGrantor(provider) { return grantor }
        } catch let error as HTTPError {
            throw Refusal(.badRequest, error.message.asClause)
        }
        throw Refusal(
            .badRequest, "\(provider.title) does not know this Daybook yet",
            hint: "Register a client (docs/providers.md says how), and tell it: \(provider.registering)")
    }

    /// Nil where no client was registered with it; throws an `HTTPError` where what was registered cannot be asked.
    func registeredGrantor(_ provider: Provider) throws -> Grantor? {
        guard let known = try ProviderRegistration.load(provider, vault()),
            let kind = Grantor.Kind(rawValue: provider.rawValue)
        else { return nil }
        return try Grantor(
            kind, clientID: known.clientID, clientSecret: known.clientSecret, tenant: known.tenant, base: known.base)
    }

    /// For requests that carry no token, with somebody who waits for the answer.
    func plainTransport() throws -> any Transport {
        patient(transport(try networkRules()), account: nil, .attended)
    }
}

import Entries
import HTTP
import ICalendar
import Projections
import Providers
import SQLite
import Secrets
import Sync
import Vault

/// What a home keeps secret, and how it reaches what lies elsewhere.
extension OpenHome {
    func secrets(_ owner: String, _ connection: String) throws -> ConnectionSecrets {
        ConnectionSecrets(vault: try vault(), owner: owner, connection: connection)
    }

    /// Seals the cursors of sources, which may be good for more than reading on.
    var cursorSeal: CursorSeal {
        CursorSeal(
            seal: { [unowned self] text in try vault().sealer(named: "cursors").seal(text) },
            open: { [unowned self] text in try vault().sealer(named: "cursors").open(text) })
    }

    // MARK: The network

    /// What the owner of the home allows to be asked.
    func networkRules(authorities: String? = nil) throws -> Network.Rules {
        var rules = Network.Rules()
        let allowances = try allowances()
        rules.allowed = allowances.readable
        for text in allowances.unreadable { warn(Self.warning(ofAllowance: text)) }
        rules.authorities = authorities
        return rules
    }

    /// What stands in the setting; a program that was written later, or earlier, may have put there what this one cannot
    /// read.
    func allowances() throws -> (readable: Set<Allowance>, unreadable: [String]) {
        let texts = try views().read { try Settings(of: Draft.home, $0) }.names(.allowedHosts)
        return (Set(texts.compactMap { try? Allowance($0) }), texts.filter { (try? Allowance($0)) == nil })
    }

    static func warning(ofAllowance text: String) -> String {
        "“\(text)” among the allowed hosts is neither a host nor a network, and allows nothing. Say which are allowed: "
            + "daybook settings set allowed-hosts HOST,NETWORK --home-wide"
    }

    /// One for each set of rules, so that connections are kept and used again.
    func transport(_ rules: Network.Rules) -> any Transport {
        if let kept = transports[rules] { return kept }
        let transport = options.network.transport(rules)
        transports[rules] = transport
        return transport
    }

    /// Tries again what may pass, and keeps to the rate of an account, together with all who speak for it.
    ///
    /// - Parameter account: as its servers know it; nil where they are asked as anybody.
    func patient(
        _ inner: any Transport, account: String?, _ rules: Patience.Rules = Patience.Rules(),
        verdict: @escaping (Response) -> Patience.Verdict? = { _ in nil }
    ) -> Patience {
        var surroundings = Patience.Surroundings(
            now: options.now, wait: options.network.wait,
            chance: { [randomness = options.randomness] in Double(randomness.bytes(1)[0]) / 256 })
        surroundings.hear = { [hear = options.network.hear] in hear(.again(host: $0, attempt: $1, of: $2)) }
        let patience = Patience(inner, surroundings)
        patience.rules = rules
        patience.rate = rate
        patience.key = { "\($0.address.origin)\n\(account ?? "")" }
        patience.verdict = { verdict($1) }
        return patience
    }

    func means(
        _ transport: any Transport, zone: String?, memory: ServerMemory = ServerMemory()
    ) -> Means {
        Means(
            transport: transport, now: options.now, zones: Zones.book(), floatingZone: zone,
            mark: Names(nameMaker).mark, memory: memory)
    }

    func elsewhere(_ viewer: Viewer, _ rules: Patience.Rules = Patience.Rules()) -> Elsewhere {
        Elsewhere(
            open: { [unowned self] connection in try SourceOpener(self, viewer, rules).open(connection) },
            begin: { [unowned self] connection in connectionsInUse.insert(connection).inserted },
            end: { [unowned self] connection in connectionsInUse.remove(connection) })
    }

    /// Takes a connection for a moment, as to renew its grant; throws where it is being read.
    func using<Answer>(_ connection: String, _ body: () throws -> Answer) throws -> Answer {
        // A reading that asks its server takes a while, and lets others at the home meanwhile.
        var waited: Int64 = 0
        while !connectionsInUse.insert(connection).inserted {
            guard waited < Self.patienceWithReadings else {
                throw Refusal(
                    .conflict, "this connection is being read right now", hint: "Ask again in a moment.")
            }
            try options.network.wait(Self.slice)
            waited += Self.slice
        }
        defer { connectionsInUse.remove(connection) }
        return try body()
    }

    private static let patienceWithReadings: Int64 = 30_000
    private static let slice: Int64 = 100
}

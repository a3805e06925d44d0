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
        rules.allowed = try views().read { try Settings(of: Draft.home, $0) }.names(.allowedHosts)
        rules.authorities = authorities
        return rules
    }

    /// One for each set of rules, so that connections are kept and used again.
    func transport(_ rules: Network.Rules) -> any Transport {
        if let kept = transports[rules] { return kept }
        let transport = options.network.transport(rules)
        transports[rules] = transport
        return transport
    }

    /// Tries again what may pass, and keeps to a rate.
    func patient(
        _ inner: any Transport, _ rules: Patience.Rules = Patience.Rules(), perMinute: Int = 300,
        verdict: @escaping (Response) -> Patience.Verdict? = { _ in nil }
    ) -> Patience {
        var surroundings = Patience.Surroundings(
            now: options.now, wait: options.network.wait,
            chance: { [randomness = options.randomness] in Double(randomness.bytes(1)[0]) / 256 })
        surroundings.hear = { [hear = options.network.hear] in hear(.again(host: $0, attempt: $1, of: $2)) }
        let patience = Patience(inner, surroundings)
        patience.rules = rules
        patience.rate = RateLimit(perMinute: perMinute, burst: perMinute / 4, now: options.now)
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
        Elsewhere { [unowned self] connection in try SourceOpener(self, viewer, rules).open(connection) }
    }
}

import Application
import Foundation
import HTTP
import Testing

/// Something goes wrong with one answer of a server, at every step at which it can.
@Suite struct FaultSweepTests {
    /// Every so many of all; all of them where DAYBOOK_TEST_SWEEP is set, or all of the kinds that it names.
    private static let asked = ProcessInfo.processInfo.environment["DAYBOOK_TEST_SWEEP"]

    private static let kinds = [Kind.feed, .radicale, .google, .microsoft].filter(Kind.here.contains)

    private enum Step: CaseIterable { case connect, first, changes }

    private struct Fault: CustomStringConvertible {
        let kind: String
        let request: Int
        /// Once, or until a client that tries again has given up.
        let times: Int

        var description: String { "\(kind) at request \(request), \(times) times" }
    }

    @Test(arguments: kinds)
    func `G15 whatever goes wrong with an answer, three syncs later all is as it would have been`(_ kind: Kind) throws {
        let side = try kind.side()
        let server = try #require(side.address)
        let proxy = try Proxy(before: server)
        var home = try ContractHome()
        home.ways[server] = proxy.url
        for meeting in [Meeting.past, .coming, .weekly] { try side.put(meeting) }
        let kinds = try proxy.kinds()
        #expect(kinds.count > 30)
        for step in Step.allCases {
            if step == .changes { try change(side) }
            let calm = try ContractHome(copying: home, from: home.folder.path)
            try proxy.forget()
            try take(step, side, calm)
            let requests = try proxy.count()
            for _ in 0..<2 { try heal(side, calm) }
            let wanted = try calm.state()
            let logged = try calm.count("activity.logged")
            for fault in faults(kinds, requests) {
                let struck = try ContractHome(copying: home, from: home.folder.path)
                if fault.kind == "stalled" || fault.kind == "slow" { struck.hurry() }
                try proxy.plan(fault.kind, at: fault.request, times: fault.times)
                do { try take(step, side, struck) } catch is Refusal {}
                try proxy.plan(nil)
                struck.takeTime()
                var state: [String] = []
                for _ in 0..<3 where state != wanted {
                    try heal(side, struck)
                    state = try struck.state()
                }
                let differing = Set(state).symmetricDifference(wanted).sorted()
                #expect(state == wanted, "\(step), \(fault): \(differing)")
                #expect(try struck.count("activity.logged") == logged, "\(step), \(fault)")
            }
            home = calm
        }
    }

    private func faults(_ kinds: [String], _ requests: Int) -> [Fault] {
        let all = kinds.flatMap { kind in
            (1...max(1, requests)).flatMap { request in
                // To wait for the end of patience again and again would take minutes.
                (kind == "stalled" || kind == "slow" || kind == "bomb" ? [1] : [1, 4]).map {
                    Fault(kind: kind, request: request, times: $0)
                }
            }
        }
        guard let asked = Self.asked else { return stride(from: 0, to: all.count, by: 29).map { all[$0] } }
        let named = all.filter { asked.split(separator: ",").contains(Substring($0.kind)) }
        return named.isEmpty ? all : named
    }

    private func take(_ step: Step, _ side: any Side, _ home: ContractHome) throws {
        guard step == .connect else {
            try home.sync()
            return
        }
        try side.connect(home)
    }

    /// What a person does who sees that something failed: connects again, or reads what is not read by itself.
    private func heal(_ side: any Side, _ home: ContractHome) throws {
        if home.connection.isEmpty { try side.connect(home) }
        let read = try home.sync()
        if read.isEmpty || read.contains(where: { $0.outcome != "read" && $0.outcome != "unchanged" }) {
            try home.sync(named: home.connection)
        }
    }

    private func change(_ side: any Side) throws {
        try side.change("past") { ($0.title, $0.guests) = ("Planning the year", [.jane, .bob]) }
        try side.cancel("weekly", at: "2025-12-16T09:00")
        try side.put(.other)
        try side.delete("coming")
    }
}

/// A server between a home and another server, which spoils answers when it is told to.
private final class Proxy {
    private let lent: Lent
    private let wire: Wire

    init(before server: String) throws {
        lent = try Lent(["tools/emulators/hostile/run", "--before", server])
        wire = Wire(lent.url)
        try plan(nil)
    }

    var url: String { lent.url }

    func kinds() throws -> [String] { try wire.control("GET", "faults") as? [String] ?? [] }

    func plan(_ kind: String?, at request: Int = 1, times: Int = 1) throws {
        guard let kind else {
            try wire.control("DELETE", "fault")
            return
        }
        try wire.control("POST", "fault", ["kind": kind, "at": request, "times": times])
    }

    func forget() throws { try wire.control("DELETE", "requests") }

    func count() throws -> Int {
        let journal = try wire.control("GET", "requests") as? [String: Any]
        return (journal?["requests"] as? [Any])?.count ?? 0
    }
}

import Application
import Entries
import HTTP
import Machine
import Projections
import Rehearsal
import SQLite
import Secrets
import Sync

/// The whole service in one thread: the same agenda, the same readings and jobs, with a clock, a network and chance that are
/// handed in. A seed repeats a run to the byte.
public final class Simulation {
    public struct Plan: Sendable {
        public var seed: UInt64 = 1
        public var days = 3
        public var users = 3
        public var connections = 3
        /// Of a thousand requests so many go wrong.
        public var faultsPerMille = 10
        /// About so many kills a day.
        public var killsPerDay = 2
        /// The clock jumps now and then: an hour, a day, a week back, ten years.
        public var jumps = false
        /// 2026-03-25, some days before the night in which clocks in Europe are changed.
        public var start: Int64 = 1_774_396_800_000

        public init() {}
    }

    public struct Report: Sendable {
        public var readings = 0
        public var jobs = 0
        public var kills = 0
        public var jumps = 0
        public var entries: Int64 = 0
        public var activities = 0
        public var root = ""
        public var lost: [String] = []
        public var doubled: [String] = []
        public var wrong: [String] = []
        /// Connections that were not fresh at a look, though nothing said that they should rest.
        public var stale: [String] = []
        public var looks = 0
        public var broken: [String] = []
        public var world = World.Counts()

        public var isGood: Bool { (lost + doubled + wrong + stale + broken).isEmpty }
    }

    private let plan: Plan
    private let folder: HomeFolder
    private let time: RehearsedTime
    private let world: World
    private var options = OpenHome.Options()
    private var home: OpenHome?
    private var chance: Chance
    private var begun: [String: Int64] = [:]
    private var users: [String] = []
    private var report = Report()
    private var runs = 0

    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 60 * minute
    private static let day: Int64 = 24 * hour
    /// The interval of a connection.
    private static let interval: Int64 = 15 * minute
    /// A server may ask to be waited for so long. In the service others are read meanwhile; here they wait as well.
    private static let patience: Int64 = 2 * minute

    public init(_ plan: Plan, in place: String) throws {
        self.plan = plan
        folder = HomeFolder(place)
        let time = RehearsedTime(startingAt: plan.start, step: 0)
        self.time = time
        let world = World(seed: plan.seed, faultsPerMille: plan.faultsPerMille, now: { time.now() })
        self.world = world
        chance = Chance(seed: plan.seed)
        options.now = { time.now() }
        options.randomness = .seeded(plan.seed)
        options.network = Network(transport: { _ in world }, wait: { time.jump(by: $0) })
        try settle()
    }

    private func settle() throws {
        let admin = try NewHome.create(folder, userName: "User 0", zone: "Europe/Berlin", options).user
        let home = try open()
        for number in 1..<max(1, plan.users) {
            time.jump(by: 1_000)
            var add = AddUserRequest(user: admin, newName: "User \(number)")
            add.zone = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"][number % 3]
            _ = try add.answer(in: home)
        }
        users = try UsersRequest(user: admin).answer(in: home).users.map(\.user)
        for (number, user) in users.enumerated() {
            for guest in 0..<World.known {
                var add = AddPersonRequest(user: user)
                (add.newName, add.emails) = ("friend\(guest)", [World.guest(number, guest)])
                _ = try add.answer(in: home)
            }
            for connection in 0..<plan.connections {
                world.open(number, connection)
                var connect = ConnectServerRequest(
                    .feed, address: Confided(Secret(World.address(number, connection))))
                connect.user = user
                connect.terms.name = "Calendar \(connection)"
                connect.terms.email = "me@circle\(number).example"
                _ = try connect.answer(in: home)
            }
        }
        world.isFaulty = true
    }

    private func open() throws -> OpenHome {
        if let home { return home }
        let opened = try OpenHome(folder, options)
        home = opened
        return opened
    }

    // MARK: Time goes by

    /// - Parameter tell: hears, now and then, which day it is.
    public func run(tell: (_ day: Int) -> Void = { _ in }) throws -> Report {
        var (at, day): (Int64, Int) = (0, 0)
        let length = Int64(plan.days) * Self.day
        var (nextLook, nextChange, nextKill, nextJump) = (Self.hour, Self.minute, pause(plan.killsPerDay), Self.day / 2)
        while at < length {
            let before = time.now()
            let pause = try turn()
            // What waits for a server passes time as well.
            at += max(0, time.now() - before)
            let step = max(1, min(pause, nextLook - at, nextChange - at, nextKill - at, nextJump - at))
            time.jump(by: step)
            at += step
            if at >= nextChange {
                world.change(chance.below(users.count), chance.below(plan.connections))
                nextChange = at + Self.day / Int64(users.count * plan.connections * 4) + 1
            }
            if at >= nextKill {
                kill()
                nextKill = at + self.pause(plan.killsPerDay)
            }
            if at >= nextJump {
                if plan.jumps { jump() }
                nextJump = at + Self.day
            }
            if at >= nextLook {
                // A clock that was set needs a round to be caught up with.
                if !plan.jumps { try look() }
                nextLook = at + Self.hour
            }
            if Int(at / Self.day) > day {
                day = Int(at / Self.day)
                tell(day)
            }
        }
        try judge()
        return report
    }

    private func pause(_ perDay: Int) -> Int64 {
        perDay == 0 ? .max / 2 : Self.day / Int64(perDay) / 2 + Int64(chance.below(Int(Self.day) / perDay))
    }

    /// Does what is due, as the service's planner and workers do, and answers for how long there is nothing.
    private func turn() throws -> Int64 {
        let home = try open()
        let agenda = try Agenda.read(in: home, begun: begun, running: [], most: 64)
        for item in agenda.due {
            begun[item.key] = time.now()
            try perform(item, home)
        }
        begun = begun.filter { $0.value > time.now() - 8 * Self.day }
        if !agenda.due.isEmpty { return 1 }
        return min(30_000, max(1, (agenda.next ?? .max) - time.now()))
    }

    private func perform(_ item: Agenda.Item, _ home: OpenHome) throws {
        runs += 1
        let run = "run\(runs)"
        switch item.work {
        case .reading(let connection):
            report.readings += 1
            _ = try ConnectionRun(connection, trigger: .scheduled, run: run).run(in: home)
        case .job(let job):
            report.jobs += 1
            guard let planned = JobCatalogue.all.first(where: { $0.job == job }) else { return }
            try JobRun(planned, JobOrder(run: run, trigger: .scheduled)).run(in: home)
        case .requested, .turn, .telling: break
        }
    }

    /// The process is gone, and nothing was closed. What was begun is known to nobody any more.
    private func kill() {
        home = nil
        begun = [:]
        report.kills += 1
    }

    private func jump() {
        report.jumps += 1
        let jumps = [Self.hour, -Self.hour, Self.day, -7 * Self.day, 3_650 * Self.day]
        let jump = chance.pick(jumps)
        time.jump(by: jump)
        // So far no clock stays wrong for long.
        guard abs(jump) > Self.day else { return }
        _ = try? turn()
        time.jump(by: -jump)
    }

    // MARK: The judge

    /// Whether every connection succeeded within two intervals, unless it is said that it rests, or that what was read is
    /// not believed before it is read again.
    private func look() throws {
        let home = try open()
        let now = time.now()
        let rows = try home.views().read { views in
            try views.prepare(
                """
                SELECT connection, last_success, breaker_until, retry, NOT EXISTS (
                    SELECT 1 FROM calendar
                    WHERE calendar.connection = connection.connection AND calendar.suspected_run IS NOT NULL)
                FROM connection
                """
            ).map {
                ($0.text(0), $0.integerIfPresent(1), $0.integerIfPresent(2), $0.integerIfPresent(3), $0.integer(4) == 1)
            }
        }
        for (connection, success, breaker, retry, isBelieved) in rows {
            report.looks += 1
            let rests = [breaker, retry].compactMap(\.self).contains { $0 > now - Self.interval }
            if now - (success ?? 0) > 2 * Self.interval + Self.patience, isBelieved, !rests {
                report.stale.append(
                    "\(connection) at \(now): last success \((now - (success ?? 0)) / 1_000) s ago")
            }
        }
    }

    /// In the end everything is read once more in quiet, and compared with what is true.
    private func judge() throws {
        world.isFaulty = false
        let end = time.now()
        // What rests because it failed is read when that is over.
        for _ in 0..<27 * 12 {
            time.jump(by: 5 * Self.minute)
            _ = try turn()
        }
        let home = try open()
        for (number, user) in users.enumerated() {
            let logged = try home.views().read { views in
                try views.prepare(
                    """
                    SELECT activity.title, person.name FROM activity JOIN person ON person.person = activity.person
                    WHERE activity.owner = ? AND activity.retracted IS NULL
                    """
                ).map(.text(user)) { "\($0.text(0)) \($0.text(1))" }
            }
            report.activities += logged.count
            let living = Set(logged)
            let (must, _) = world.expected(of: number, connections: plan.connections, at: end)
            let (late, mustNot) = world.expected(of: number, connections: plan.connections, at: time.now())
            report.lost += must.subtracting(living).sorted()
            report.doubled += Dictionary(grouping: logged) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
            report.wrong += living.intersection(mustNot).sorted() + living.subtracting(late.union(mustNot)).sorted()
        }
        let verified = try VerifyRequest(kept: [], withViews: true).answer(in: home)
        if !verified.isIntact { report.broken.append("the ledger or the views are not what they should be") }
        report.entries = verified.entries
        report.root = verified.root
        report.world = world.counts
        try home.close()
        self.home = nil
    }
}

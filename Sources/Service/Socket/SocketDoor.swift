import Application
import Machine

/// Answers the requests of other processes of the same user, over the socket in the home.
///
/// Who connects is known by the kernel: the user who owns the home, or root. Each connection has a thread, and requests on
/// one are answered in turn. When the other side goes away, the work that was done for it ends at its next step.
final class SocketDoor: Sendable {
    private let household: Household
    private let listener: LocalListener
    private let visitors = Guarded<[ObjectIdentifier: LocalConnection]>([:])
    private let threads = Guarded(0)
    private let isStopping = Guarded(false)
    private let receptionist: Background<Void>

    /// More than this at once is no person at a terminal.
    private static let mostVisitors = 64
    private static let writingSeconds = 60

    init(_ household: Household) throws {
        self.household = household
        let listener = try LocalListener(path: household.folder.socket)
        self.listener = listener
        let (visitors, threads, isStopping) = (visitors, threads, isStopping)
        receptionist = try Background {
            while let visitor = listener.accept() {
                guard Self.isWelcome(visitor), threads.with({ $0 < Self.mostVisitors }) else {
                    visitor.write(line: Exchange.refuse(Self.refused))
                    continue
                }
                Self.serve(visitor, household, visitors, threads, isStopping)
            }
        }
    }

    private static let refused = Refusal(.locked, "the service does not take this connection")

    private static func isWelcome(_ visitor: LocalConnection) -> Bool {
        visitor.peerUser == ThisProcess.user || visitor.peerUser == 0
    }

    private static func serve(
        _ visitor: LocalConnection, _ household: Household,
        _ visitors: Guarded<[ObjectIdentifier: LocalConnection]>, _ threads: Guarded<Int>, _ isStopping: Guarded<Bool>
    ) {
        visitors.with { $0[ObjectIdentifier(visitor)] = visitor }
        threads.with { $0 += 1 }
        visitor.limit(writingSeconds: writingSeconds)
        let isStarted = Background.detach {
            defer {
                visitors.with { $0[ObjectIdentifier(visitor)] = nil }
                threads.with { $0 -= 1 }
            }
            while let line = try? visitor.readLine() {
                guard visitor.write(line: answer(line, visitor, household, isStopping)) else { break }
            }
        }
        if !isStarted {
            visitors.with { $0[ObjectIdentifier(visitor)] = nil }
            threads.with { $0 -= 1 }
        }
    }

    private static func answer(
        _ line: [UInt8], _ visitor: LocalConnection, _ household: Household, _ isStopping: Guarded<Bool>
    ) -> [UInt8] {
        let errand = Errand(
            hear: { visitor.write(line: Exchange.bytes(of: $0)) },
            hearWaiting: { visitor.write(line: Exchange.bytes(of: $0)) },
            goesOn: { visitor.isOpen && !isStopping.with { $0 } })
        switch Exchange.receive(line) {
        case .failure(let unreadable): return unreadable.answer
        case .success(let received): return errand.run { household.answer(received) }
        }
    }

    /// What takes long ends at its next step.
    func hurry() { isStopping.with { $0 = true } }

    /// Nobody gets in any more; who is in has his answer, or is told that the service ends.
    func close() {
        hurry()
        listener.end()
        try? receptionist.wait()
        visitors.with { for visitor in $0.values { visitor.stopReading() } }
        _ = threads.wait { $0 == 0 ? true : nil }
    }
}

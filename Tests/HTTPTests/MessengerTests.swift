import HTTP
import Testing

@Suite struct MessengerTests {
    private let hostile: Hostile

    init() throws { hostile = try Hostile.shared() }

    @Test func `many who wait for answers hold up none of the tasks`() async throws {
        // There are as many threads for tasks as there are processors. If one were taken by each who waits, the last one
        // would never be sent, and nobody would meet.
        let count = 40
        let request = try hostile.get("/meet?of=\(count)&key=tasks&milliseconds=10000")
        let client = try hostile.client()
        let met = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count { group.addTask { try await Messenger(client).send(request).status } }
            return try await group.reduce(into: 0) { $0 += $1 == 200 ? 1 : 0 }
        }
        #expect(met == count)
    }

    @Test func `a task that is cancelled gets its thread back`() async throws {
        let client = try hostile.client()
        let request = try hostile.get("/delay?milliseconds=60000&cancelled")
        let task = Task { await Messenger(client).send([request])[0] }
        while try hostile.asked("&cancelled").isEmpty { await Task.yield() }
        task.cancel()
        #expect(await task.value.failure?.kind == .interrupted)
        // The client itself goes on.
        #expect(try client.send(hostile.get("/echo")).status == 200)
    }
}

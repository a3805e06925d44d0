import Application

/// Says what was connected, and reads it for the first time. As JSON both are one document.
enum FirstSync {
    /// - Parameter connection: nil where it is not to be read.
    static func run<Connected: Encodable>(
        _ connected: Connected, _ connection: String?, _ console: Console, show: () throws -> Void
    ) throws -> Int32 {
        guard !console.isJSON else { return try document(connected, connection, console) }
        try show()
        guard let connection else { return ExitStatus.ok }
        let read = try console.ask(request(connection, console))
        try SyncVerb.show(read, console)
        if try console.ask(OwnAddressesRequest(user: console.user)).addresses.isEmpty {
            console.note(
                "  → Daybook does not know which address is yours, so it cannot tell what you declined: "
                    + "daybook own-address add ADDRESS")
        }
        return SyncVerb.status(read)
    }

    private static func request(_ connection: String, _ console: Console) -> SyncRequest {
        var sync = SyncRequest()
        sync.user = console.user
        sync.connection = connection
        return sync
    }

    private static func document<Connected: Encodable>(
        _ connected: Connected, _ connection: String?, _ console: Console
    ) throws -> Int32 {
        guard let connection else {
            try console.document("connected", connected)
            return ExitStatus.ok
        }
        let read: SyncRequest.Answer
        do {
            read = try console.ask(request(connection, console))
        } catch {
            // It is connected, whatever became of reading it.
            try console.document("connected", connected)
            throw error
        }
        try console.document("connected", Both(connected: connected, sync: read))
        return SyncVerb.status(read)
    }

    private struct Both<Connected: Encodable>: Encodable {
        let connected: Connected
        let sync: SyncRequest.Answer

        private enum Key: String, CodingKey { case sync }

        func encode(to encoder: any Encoder) throws {
            try connected.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(sync, forKey: .sync)
        }
    }
}

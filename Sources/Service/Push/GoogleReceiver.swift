import Entries
import Secrets
import Sync
import WebServer

/// Takes the messages of Google's channels.
///
/// All of it stands in headers; a body is not looked at. Who a message is for is what the table says of its channel, and
/// nothing that it says itself. It is answered with an empty body.
enum GoogleReceiver {
    /// Google sends no body, so whoever sends much is not Google.
    static let mostBytes = 64 << 10
    private static let longestProof = 256
    private static let longestNumber = 20
    private static let longestResource = 1_000

    static func receive(_ visit: Visit, _ table: WatchTable, at now: Int64) -> Reception {
        guard visit.method == "POST" else { return Self.wrongMethod }
        guard visit.body.count <= mostBytes else { return strange(413, .malformed) }
        guard let channel = visit.header("X-Goog-Channel-ID"), let known = table.find(channel, at: now),
            known.row.provider == .google
        else { return strange(404, .unknown) }
        guard let proof = visit.header("X-Goog-Channel-Token"), proof.utf8.count <= longestProof,
            Secret(proof) == known.proof
        else { return strange(403, .forged) }
        let resource = visit.header("X-Goog-Resource-ID")
        guard let resource, resource.utf8.count <= longestResource, known.row.resourceID ?? resource == resource
        else { return strange(403, .forged) }
        guard let number = visit.header("X-Goog-Message-Number"), !number.isEmpty,
            number.utf8.count <= longestNumber, number.utf8.allSatisfy({ (48...57).contains($0) })
        else { return Reception(400, .malformed) }
        switch visit.header("X-Goog-Resource-State") {
        case "sync": return taken(known, .handshake, number, resource, .handshake)
        case "exists": return taken(known, .changed, number, resource, .changed)
        case "not_exists": return taken(known, .missing, number, resource, .missing)
        default: return Reception(200, .other)
        }
    }

    private static func taken(
        _ known: WatchTable.Known, _ signal: Signal, _ number: String, _ resource: String, _ count: PushCount
    ) -> Reception {
        if Notice.isIdle(known, signal) {
            return known.row.state == .ended ? Reception(404, .late) : Reception(200, count)
        }
        var reception = Reception(200, known.row.state == .ended ? .late : count)
        reception.messages = [Notice.message(known, signal, number: number, resource: resource)]
        return reception
    }

    private static func strange(_ status: Int, _ count: PushCount) -> Reception {
        var reception = Reception(status, count)
        reception.isStrange = true
        return reception
    }

    static var wrongMethod: Reception {
        var reception = Reception(405, .malformed)
        reception.reply.headers = [Visit.Field("Allow", "POST")]
        reception.isStrange = true
        return reception
    }
}

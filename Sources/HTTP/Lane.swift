import CCurl

/// Carries the requests of one caller at a time, many at once, and keeps connections open for the next.
final class Lane {
    private let multi: UnsafeMutableRawPointer
    private let options: Client.Options
    private let knowledge: Knowledge
    private var waiting: [Exchange] = []
    private var travelling: [UnsafeMutableRawPointer: (exchange: Exchange, transfer: Transfer)] = [:]
    private var travellingTo: [Origin: Int] = [:]
    /// When something came last, and how much had come by then of what is on its way.
    private var silence = (since: ContinuousClock.now, bytes: 0)

    /// How often it looks whether it is to go on.
    private static let patienceMilliseconds: Int32 = 100

    init(_ options: Client.Options, _ knowledge: Knowledge) {
        guard let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory") }
        self.multi = multi
        self.options = options
        self.knowledge = knowledge
        curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 32)
    }

    deinit { Library.quietly { _ = curl_multi_cleanup(multi) } }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        let exchanges = requests.map { Exchange($0, options, knowledge) }
        // Taken from the end, so the first is last.
        waiting = exchanges.filter { $0.outcome == nil }.reversed()
        silence = (.now, 0)
        while !waiting.isEmpty || !travelling.isEmpty {
            if isInterrupted {
                giveUp()
                break
            }
            depart()
            if travelling.isEmpty { continue }
            var running: Int32 = 0
            _ = Library.quietly { curl_multi_perform(multi, &running) }
            if !arrive() { curl_multi_poll(multi, nil, 0, Self.patienceMilliseconds, nil) }
        }
        return exchanges.map { $0.outcome ?? .failure(Exchange.interrupted($0.address)) }
    }

    private var isInterrupted: Bool {
        if knowledge.isInterrupted || Task<Never, Never>.isCancelled { return true }
        guard let goesOn = options.goesOn, let next = travelling.first?.value.exchange ?? waiting.last else {
            return false
        }
        return !goesOn(next.address.origin.host, silentMilliseconds())
    }

    private func silentMilliseconds() -> Int64 {
        let bytes = travelling.values.reduce(0) { $0 + $1.transfer.bodyBytes + $1.transfer.headerBytes }
        if bytes != silence.bytes { silence = (.now, bytes) }
        return Int64((ContinuousClock.now - silence.since) / .milliseconds(1))
    }

    /// Sends what may be on its way now.
    private func depart() {
        var held: [Exchange] = []
        while travelling.count < options.parallel, let exchange = waiting.popLast() {
            let origin = exchange.address.origin
            if travellingTo[origin, default: 0] >= options.parallelPerServer {
                held.append(exchange)
                continue
            }
            guard let transfer = exchange.begin() else { continue }
            Library.quietly { _ = curl_multi_add_handle(multi, transfer.easy) }
            travelling[transfer.easy] = (exchange, transfer)
            travellingTo[origin, default: 0] += 1
        }
        waiting += held.reversed()
    }

    /// Takes in what has ended. False if nothing has.
    private func arrive() -> Bool {
        var left: Int32 = 0
        var hasArrived = false
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            guard let (exchange, transfer) = leave(easy) else { continue }
            hasArrived = true
            exchange.end(transfer, code)
            if exchange.outcome == nil { waiting.append(exchange) }
        }
        return hasArrived
    }

    private func giveUp() {
        for easy in Array(travelling.keys) {
            // Who looks up a name may go on by himself: nobody waits for him any more.
            curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
            _ = leave(easy)
        }
        waiting = []
    }

    private func leave(_ easy: UnsafeMutableRawPointer) -> (exchange: Exchange, transfer: Transfer)? {
        Library.quietly { _ = curl_multi_remove_handle(multi, easy) }
        guard let gone = travelling.removeValue(forKey: easy) else { return nil }
        let others = travellingTo[gone.transfer.origin, default: 1] - 1
        travellingTo[gone.transfer.origin] = others == 0 ? nil : others
        return gone
    }
}

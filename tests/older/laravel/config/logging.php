<?php // What newer versions of Laravel know without a file.

return [
    'default' => env('LOG_CHANNEL', 'stderr'),
    'channels' => ['stderr' => ['driver' => 'monolog', 'handler' => Monolog\Handler\StreamHandler::class, 'with' => ['stream' => 'php://stderr']]],
];

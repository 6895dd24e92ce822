<?php // Visitors keep their session themselves, signed and encrypted with APP_KEY: nothing is written on the server.

return [
    'driver' => env('SESSION_DRIVER', 'cookie'),
    'secure' => env('APP_ENV', 'production') === 'production',
];

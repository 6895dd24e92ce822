<?php // DATABASE_URL names the database; a laptop without one has a file.

return [
    'default' => env('DATABASE_URL') ? 'pgsql' : 'sqlite',
    'connections' => [
        'pgsql' => [
            'driver' => 'pgsql',
            'url' => env('DATABASE_URL'),
            'charset' => 'utf8',
            'prefix' => '',
            'search_path' => 'public',
        ],
    ],
];
